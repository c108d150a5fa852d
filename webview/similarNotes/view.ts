import { html, nothing, type TemplateResult } from 'lit';
import type { SimilarNoteItem, SimilarNotesHostMessage } from '../../src/protocol/panels.js';
import { formatPlural } from '../shared/format.js';
import { announcement, codicon, errorNotice, loading, notice } from '../shared/notice.js';
import type { Theme } from '../shared/theme.js';

type Results = Extract<SimilarNotesHostMessage, { type: 'results' }>;

export interface SimilarNotesState {
  /** The host's last word; `null` before its first. */
  readonly message: SimilarNotesHostMessage | null;
  /** The last results, which stay in sight while the next are looked for. */
  readonly results: Results | null;
  /** Row that the keyboard is on. */
  readonly active: number;
  /** Number of each category met so far, for its colour. */
  readonly categories: ReadonlyMap<string, number>;
}

export interface SimilarNotesActions {
  readonly open: (key: string) => void;
  readonly run: (command: string) => void;
  readonly activate: (row: number) => void;
}

export function similarNotesView(
  state: SimilarNotesState,
  theme: Theme,
  actions: SimilarNotesActions,
): TemplateResult {
  return html`${announcement(spoken(state.message))}${content(state, theme, actions)}`;
}

function content(
  state: SimilarNotesState,
  theme: Theme,
  actions: SimilarNotesActions,
): TemplateResult {
  const { message } = state;
  switch (message?.type) {
    case undefined:
      return loading('Starting…');
    case 'empty':
      return notice('note', message.reason, message.action, actions.run);
    case 'loading':
      return state.results === null
        ? loading('Looking for similar notes…')
        : list(state.results, true, state, theme, actions);
    case 'error':
      return errorNotice(message.message);
    case 'results':
      return message.items.length === 0
        ? notice('search', 'No other note of this corpus is indexed yet.', null, actions.run)
        : list(message, false, state, theme, actions);
  }
}

function list(
  results: Results,
  isStale: boolean,
  state: SimilarNotesState,
  theme: Theme,
  actions: SimilarNotesActions,
): TemplateResult {
  const { title, hideText, items } = results;
  return html`<p class="heading muted">
      ${isStale ? 'Looking…' : hideText || title === '' ? 'Similar to the open note' : html`Similar to <b>${title}</b>`}
    </p>
    <ul
      class="notes ${isStale ? 'stale' : ''}"
      role="listbox"
      aria-label="Similar notes"
      aria-busy=${isStale}
    >
      ${items.map((item, row) => note(item, row, results, state, theme, actions))}
    </ul>
    ${
      hideText
        ? html`<p class="hidden-text muted">${codicon('eye-closed')} Note text is hidden.</p>`
        : nothing
    }`;
}

function note(
  item: SimilarNoteItem,
  row: number,
  { hideText, items }: Results,
  state: SimilarNotesState,
  theme: Theme,
  actions: SimilarNotesActions,
): TemplateResult {
  const title = hideText ? `Note ${row + 1}` : item.title;
  const label = [
    title,
    `similarity ${item.similarity.toFixed(3)}`,
    item.category ?? 'no category',
    ...(hideText ? [] : [item.snippet]),
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
      <span class="title">${title}</span>
      <span class="bar" title="Cosine similarity">
        <span
          class="filled"
          .style=${`width: ${Math.max(0, Math.min(1, item.similarity)) * 100}%`}
        ></span>
      </span>
      <span class="figure">${item.similarity.toFixed(3)}</span>
    </div>
    ${
      item.category === null
        ? nothing
        : html`<div class="category">
            <span
              class="swatch"
              .style=${`background: ${colourOf(item.category, state, theme)}`}
            ></span>
            <span>${item.category}</span>
          </div>`
    }
    ${hideText ? nothing : html`<p class="snippet">${item.snippet}</p>`}
  </li>`;
}

function colourOf(category: string, state: SimilarNotesState, theme: Theme): string {
  return theme.category(state.categories.get(category) ?? -1).colour;
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
