import { html, nothing, type TemplateResult } from 'lit';
import { assertionLabels, nearnessText } from '../../src/protocol/catalogue/lookup.js';
import type { SimilarNoteItem, SimilarNotesHostMessage } from '../../src/protocol/panels.js';
import { formatCount, formatPlural } from '../shared/format.js';
import { announcement, codicon, errorNotice, loading, notice } from '../shared/notice.js';

type Results = Extract<SimilarNotesHostMessage, { type: 'results' }>;

export interface SimilarNotesState {
  /** The host's last message; `null` at first. */
  readonly message: SimilarNotesHostMessage | null;
  /** The last results, kept on screen while the next search runs. */
  readonly results: Results | null;
  /** The active row. */
  readonly active: number;
}

export interface SimilarNotesActions {
  readonly open: (key: string) => void;
  /** Dismisses results for typed text. */
  readonly dismiss: () => void;
  readonly run: (command: string) => void;
  readonly activate: (row: number) => void;
}

export function similarNotesView(
  state: SimilarNotesState,
  actions: SimilarNotesActions,
): TemplateResult {
  return html`${announcement(spoken(state.message))}${content(state, actions)}`;
}

function content(state: SimilarNotesState, actions: SimilarNotesActions): TemplateResult {
  const { message } = state;
  switch (message?.type) {
    case undefined:
      return loading('Starting…');
    case 'empty':
      return notice('note', message.reason, message.action, actions.run);
    case 'loading':
      return state.results === null
        ? loading('Looking for similar notes…')
        : list(state.results, true, state, actions);
    case 'error':
      return errorNotice(message.message);
    case 'results':
      return message.items.length === 0
        ? notice(
            'search',
            'No other note of this corpus can be compared with this one: there is none in the index, or none of another patient.',
            null,
            actions.run,
          )
        : list(message, false, state, actions);
  }
}

function list(
  results: Results,
  isStale: boolean,
  state: SimilarNotesState,
  actions: SimilarNotesActions,
): TemplateResult {
  const { hideText, items, remark } = results;
  return html`<div class="heading muted">
      <span>${isStale ? 'Looking…' : heading(results)}</span>
      ${results.isTyped && !isStale ? dismissButton(actions) : nothing}
    </div>
    <ul
      class="notes ${isStale ? 'stale' : ''}"
      role="listbox"
      aria-label="Similar notes"
      aria-busy=${isStale}
    >
      ${items.map((item, row) => note(item, row, results, state, actions))}
    </ul>
    ${remark === null ? nothing : html`<p class="remark muted">${codicon('info')} ${remark}</p>`}
    ${
      hideText
        ? html`<p class="hidden-text muted">${codicon('eye-closed')} Note text is hidden.</p>`
        : nothing
    }`;
}

function heading({ title, hideText, isTyped }: Results): TemplateResult | string {
  if (hideText || title === '') return `Similar to ${isTyped ? 'what you typed' : 'the open note'}`;
  return html`Similar to <b>${title}</b>`;
}

function dismissButton(actions: SimilarNotesActions): TemplateResult {
  const label = 'Back to the open note';
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    @click=${actions.dismiss}
  >
    ${codicon('close')}
  </button>`;
}

function note(
  item: SimilarNoteItem,
  row: number,
  { hideText, items }: Results,
  state: SimilarNotesState,
  actions: SimilarNotesActions,
): TemplateResult {
  const title = hideText ? `Note ${row + 1}` : item.title;
  const label = [
    title,
    item.nearness === null
      ? `cosine similarity ${nearnessText(item)}`
      : `nearness ${nearnessText(item)}`,
    item.category ?? 'no category',
    ...labelsOf(item),
    ...(hideText ? [] : [item.snippet, ...(item.terms.length === 0 ? [] : [inCommon(item)])]),
  ].join(', ');
  const rows = items.length;
  return html`<li
    class="note"
    role="option"
    aria-label=${label}
    aria-selected=${row === state.active}
    aria-posinset=${row + 1}
    aria-setsize=${rows}
    tabindex=${row === state.active ? 0 : -1}
    @click=${() => {
      actions.activate(row);
      actions.open(item.key);
    }}
    @keydown=${(event: KeyboardEvent) => {
      const target = rowAfter(event.key, row, rows);
      if (target !== null) actions.activate(target);
      else if (event.key === 'Enter' || event.key === ' ') actions.open(item.key);
      else return;
      event.preventDefault();
    }}
  >
    <div class="line">
      ${hideText ? nothing : html`<span class="rank muted">${row + 1}</span>`}
      <span class="title">${title}</span>
      <span class="near" title=${explained(item)}>
        <span class="bar">
          <span class="filled" .style=${`width: ${filled(item)}%`}></span>
        </span>
        <span class="figure">${nearnessText(item)}</span>
      </span>
    </div>
    ${tags(item)} ${hideText ? nothing : html`<p class="snippet">${item.snippet}</p>`}
    ${hideText || item.terms.length === 0 ? nothing : html`<p class="terms">${inCommon(item)}</p>`}
  </li>`;
}

function tags(item: SimilarNoteItem): TemplateResult | typeof nothing {
  const { category } = item;
  const labels = labelsOf(item);
  if (category === null && labels.length === 0) return nothing;
  return html`<div class="tags">
    ${
      category === null
        ? nothing
        : html`<span class="category">${codicon('tag')}<span>${category}</span></span>`
    }
    ${labels.map((label) => html`<span class="label">${label}</span>`)}
  </div>`;
}

function labelsOf({ assertion, copies }: SimilarNoteItem): string[] {
  return [
    ...(assertion === null ? [] : [assertionLabels[assertion]]),
    ...(copies === 0 ? [] : [`${formatCount(copies)} almost identical`]),
  ];
}

function inCommon({ terms }: SimilarNoteItem): string {
  return `In common: ${terms.join(', ')}`;
}

/** Per cent of the bar. */
function filled({ nearness, similarity }: SimilarNoteItem): number {
  return Math.max(0, Math.min(100, nearness ?? 100 * similarity));
}

function explained({ nearness, percentile, similarity }: SimilarNoteItem): string {
  return [
    ...(nearness === null
      ? []
      : ['Nearness: 0 % is an average note of this corpus, 100 % one that says the same.']),
    `Nearer than ${percentile.toFixed(1)} % of the notes.`,
    `Cosine similarity ${similarity.toFixed(3)}.`,
  ].join('\n');
}

function rowAfter(key: string, row: number, rows: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(rows - 1, row + 1);
    case 'ArrowUp':
      return Math.max(0, row - 1);
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return null;
  }
}

function spoken(message: SimilarNotesHostMessage | null): string {
  switch (message?.type) {
    case undefined:
    case 'error':
      return '';
    case 'loading':
      return 'Looking for similar notes';
    case 'empty':
      return message.reason;
    case 'results':
      return formatPlural(message.items.length, 'similar note');
  }
}
