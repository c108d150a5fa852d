import { html, nothing, type TemplateResult } from 'lit';
import { readingSettings } from '../../src/protocol/catalogue/readingSettings.js';
import { withoutPatients } from '../../src/protocol/catalogue/fieldRoles.js';
import type { CorpusPreview, PreviewNote, ValueCount } from '../../src/protocol/lookup.js';
import type { GivenReading } from '../../src/protocol/panels.js';
import { formatCount, formatPlural } from '../shared/format.js';
import { announcement, errorNotice, loading, notice, remarks } from '../shared/notice.js';
import { isChecked, type Actions } from './actions.js';
import { columnTable } from './columns.js';
import { readingControls } from './controls.js';
import { withLines, withMissing, type CorpusPreviewState } from './state.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';

export function corpusPreviewView(state: CorpusPreviewState, actions: Actions): TemplateResult {
  const { source, preview, refusal, reason, isBusy } = state;
  if (reason !== null) {
    return html`${announcement(reason)}${notice('library', reason, null, () => undefined)}`;
  }
  if (preview === null && refusal === null) return loading('Reading the first notes…');
  return html`<main class="preview" aria-busy=${isBusy ? 'true' : 'false'}>
    ${announcement(spoken(state))}
    <header>
      <h1>${source}</h1>
      <p class="muted">${explanation(preview)}</p>
    </header>
    ${refusal === null ? nothing : errorNotice(refusal)} ${readingControls(state, actions)}
    ${preview === null ? nothing : content(preview, state, actions)}
    <footer>${closing(state, actions)}</footer>
  </main>`;
}

function spoken({ preview, refusal, isBusy }: CorpusPreviewState): string {
  if (isBusy) return 'Reading…';
  if (refusal !== null) return refusal;
  return `${formatPlural(preview?.notes.length ?? 0, 'note')} shown`;
}

function explanation(preview: CorpusPreview | null): string {
  const start = 'Nothing is indexed yet. Check how the notes were read, and change what is wrong.';
  if (preview === null) return start;
  const read = preview.isWhole
    ? `All ${formatPlural(preview.scanned, 'note')} were read.`
    : `The first ${formatCount(preview.scanned)} notes were read.`;
  return `${start} ${read}`;
}

function content(
  preview: CorpusPreview,
  { given, hideText }: CorpusPreviewState,
  actions: Actions,
): TemplateResult {
  const { lines, columns, mapping } = preview;
  return html`
    ${remarks(
      mapping.group === null ? [...preview.remarks, withoutPatients] : preview.remarks,
      'warning',
    )}
    ${
      lines === null
        ? nothing
        : html`<label class="tick">
            <input
              type="checkbox"
              .checked=${given.reading.joinLines !== undefined}
              @change=${(event: Event) => actions.change(withLines(given, lines, isChecked(event)))}
            />
            ${readingSettings.joinLines.label}: “${lines.number}” counts up while “${lines.id}”
            stays the same
          </label>`
    }
    ${missingSection(preview, given, actions)} ${noteTable(preview.notes, hideText)}
    ${columns.length === 0 ? nothing : columnTable(preview, given, actions)}
  `;
}

function missingSection(
  { missing, classes }: CorpusPreview,
  given: GivenReading,
  { change }: Actions,
): TemplateResult | typeof nothing {
  const written = missing.filter(({ value }) => value !== '');
  if (written.length + classes.length === 0) return nothing;
  const listed = ({ value, field, count }: ValueCount): string =>
    `“${value}” in ${field} (${formatCount(count)})`;
  return html`<section aria-label="Missing values">
    ${
      written.length === 0
        ? nothing
        : html`<p>Counted as missing: ${written.map(listed).join(', ')}.</p>`
    }
    ${classes.map(
      (each) =>
        html`<p>
          ${listed(each)} is kept as a class.
          <button class="link-button" @click=${() => change(withMissing(given, each.value))}>
            Count “${each.value}” as missing
          </button>
        </p>`,
    )}
  </section>`;
}

function noteTable(notes: readonly PreviewNote[], hideText: boolean): TemplateResult {
  if (notes.length === 0) return html`<p>No note was read.</p>`;
  const facts = (
    [
      ['category', 'Category'],
      ['label', 'Label'],
      ['group', 'Patient'],
      ['date', 'Date'],
      ['split', 'Split'],
    ] as const
  ).filter(([fact]) => notes.some((note) => note[fact] !== null));
  return html`<section>
    <h2 id="notes">First notes</h2>
    <div class="scroll first" role="region" aria-labelledby="notes" tabindex="0">
      <table class="notes">
        <thead>
          <tr>
            <th scope="col">ID</th>
            ${facts.map(([, label]) => html`<th scope="col">${label}</th>`)}
            <th scope="col">Text</th>
          </tr>
        </thead>
        <tbody>
          ${notes.map(
            (note) =>
              html`<tr>
                <th scope="row">${note.id}</th>
                ${facts.map(([fact]) => html`<td>${note[fact] ?? '–'}</td>`)}
                <td class="text">${hideText ? hiddenText : note.text}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

const hiddenText = html`<span class="muted">Text hidden</span>`;

function closing(
  { name, isBusy, refusal, preview }: CorpusPreviewState,
  { rename, add, cancel }: Actions,
): TemplateResult {
  const isReady = !isBusy && refusal === null && (preview?.notes.length ?? 0) > 0;
  return html`
    <label for="name">Name</label>
    <input
      id="name"
      type="text"
      .value=${name ?? ''}
      @input=${({ target }: Event) => {
        if (target instanceof HTMLInputElement) rename(target.value);
      }}
    />
    <vscode-button class="add" ?disabled=${!isReady} @click=${add}>Index</vscode-button>
    <vscode-button secondary @click=${cancel}>Cancel</vscode-button>
  `;
}
