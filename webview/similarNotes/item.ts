/** One result of a list: a note that is like what was asked about. */
import { html, nothing, type TemplateResult } from 'lit';
import { assertionLabels, nearnessText } from '../../src/protocol/catalogue/lookup.js';
import type { SimilarNoteItem } from '../../src/protocol/panels.js';
import { formatCount } from '../shared/format.js';
import { codicon } from '../shared/notice.js';
import { marked } from './marked.js';

export interface ItemActions {
  readonly open: (key: string, isBeside: boolean) => void;
  /** Beside the note that the list is about. */
  readonly compare: (key: string) => void;
  readonly similarTo: (key: string) => void;
  /** Gives a row the focus. */
  readonly activate: (row: number) => void;
}

export interface ItemPlace {
  readonly row: number;
  readonly rows: number;
  readonly isActive: boolean;
  readonly hideText: boolean;
  /** Whether the list is about a note, to compare with. */
  readonly canCompare: boolean;
}

/** More would fill the list with words. */
const shownTerms = 5;

export function noteItem(
  item: SimilarNoteItem,
  { row, rows, isActive, hideText, canCompare }: ItemPlace,
  actions: ItemActions,
): TemplateResult {
  const title = hideText ? `Note ${row + 1}` : item.title;
  return html`<li
    class="note"
    role="option"
    aria-label=${spoken(item, title, hideText)}
    aria-selected=${isActive}
    aria-posinset=${row + 1}
    aria-setsize=${rows}
    aria-keyshortcuts="Enter Control+Enter Alt+Enter ${canCompare ? 'Shift+Enter' : ''}"
    tabindex=${isActive ? 0 : -1}
    @click=${(event: MouseEvent) => {
      actions.activate(row);
      actions.open(item.key, event.ctrlKey || event.metaKey);
    }}
    @keydown=${(event: KeyboardEvent) => {
      const target = rowAfter(event.key, row, rows);
      if (target !== null) actions.activate(target);
      else if (event.key !== 'Enter' && event.key !== ' ') return;
      else if (event.shiftKey && canCompare) actions.compare(item.key);
      else if (event.altKey) actions.similarTo(item.key);
      else actions.open(item.key, event.ctrlKey || event.metaKey);
      event.preventDefault();
    }}
  >
    <div class="line">
      ${hideText ? nothing : html`<span class="rank muted">${row + 1}</span>`}
      <span class="title" title=${title}>${title}</span>
      <span class="near" title=${explained(item)}>
        <span class="bar">
          <span class="filled" .style=${`width: ${filled(item)}%`}></span>
        </span>
        <span class="figure">${nearnessText(item)}</span>
      </span>
    </div>
    ${tags(item)}
    ${hideText ? nothing : html`<p class="snippet">${marked(item.snippet, item.terms)}</p>`}
    ${hideText || item.terms.length === 0 ? nothing : html`<p class="terms">${inCommon(item)}</p>`}
    <div class="actions">
      ${
        canCompare
          ? action('diff', 'Compare side by side (Shift+Enter)', () => actions.compare(item.key))
          : nothing
      }
      ${action('split-horizontal', 'Open beside (Ctrl+Enter)', () => actions.open(item.key, true))}
      ${action('search', 'Notes similar to this one (Alt+Enter)', () => actions.similarTo(item.key))}
    </div>
  </li>`;
}

/** For the mouse: out of the order of the Tab key, since each has its own keys. */
function action(icon: string, label: string, run: () => void): TemplateResult {
  return html`<button
    class="icon-button"
    tabindex="-1"
    title=${label}
    aria-label=${label}
    @click=${(event: Event) => {
      event.stopPropagation();
      run();
    }}
  >
    ${codicon(icon)}
  </button>`;
}

function spoken(item: SimilarNoteItem, title: string, hideText: boolean): string {
  return [
    title,
    item.nearness === null
      ? `cosine similarity ${nearnessText(item)}`
      : `nearness ${nearnessText(item)}`,
    item.category ?? 'no category',
    ...labelsOf(item),
    ...(hideText ? [] : [item.snippet, ...(item.terms.length === 0 ? [] : [inCommon(item)])]),
  ].join(', ');
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
  return `In common: ${terms.slice(0, shownTerms).join(', ')}`;
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
