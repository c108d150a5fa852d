/** A list of test notes that open in the editor. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatPlural } from '../shared/format.js';
import type { ListedNote } from './outcomes.js';

export interface NotesList {
  /** Distinguishes lists on the page. */
  readonly name: string;
  readonly title: string;
  readonly notes: readonly ListedNote[];
  /** Runs that each could be in; 1: their number is not told. */
  readonly runs: number;
  /** Empty texts while note text is hidden. */
  readonly names: readonly string[];
  /** What stands beside a note's name. */
  readonly detail: (note: number) => string;
  /** The active row. */
  readonly row: number;
  readonly activate: (row: number) => void;
  readonly open: (note: number) => void;
  readonly close: () => void;
}

const mostListed = 200;

export function notesList(list: NotesList): TemplateResult {
  const { name, title, notes, row: active } = list;
  const listed = notes.slice(0, mostListed);
  const more = notes.length - listed.length;
  return html`<div class="listed" data-list=${name}>
    <div class="section-head">
      <h3>${formatPlural(notes.length, 'note')} ${title}</h3>
      <button class="link-button" @click=${list.close}>Close list</button>
    </div>
    <ul role="listbox" aria-label="${formatPlural(notes.length, 'note')} ${title}">
      ${listed.map((note, row) => item(list, note, row, listed.length, row === active))}
    </ul>
    ${more === 0 ? nothing : html`<p class="muted">and ${formatCount(more)} more</p>`}
  </div>`;
}

function item(
  list: NotesList,
  { note, runs, confidence }: ListedNote,
  row: number,
  rows: number,
  isActive: boolean,
): TemplateResult {
  const known = list.names[note] ?? '';
  const title = known === '' ? `Note ${row + 1}` : known;
  const facts = [
    list.detail(note),
    confidence === null ? '' : `${Math.round(100 * confidence)} % sure`,
    list.runs < 2 ? '' : `in ${runs} of ${list.runs} runs`,
  ].filter((fact) => fact !== '');
  return html`<li
    role="option"
    aria-label=${[title, ...facts].join(', ')}
    aria-selected=${isActive}
    aria-posinset=${row + 1}
    aria-setsize=${rows}
    tabindex=${isActive ? 0 : -1}
    @click=${() => {
      list.activate(row);
      list.open(note);
    }}
    @keydown=${(event: KeyboardEvent) => {
      const target = { ArrowDown: row + 1, ArrowUp: row - 1, Home: 0, End: rows - 1 }[event.key];
      if (target !== undefined) list.activate(Math.min(rows - 1, Math.max(0, target)));
      else if (event.key === 'Enter' || event.key === ' ') list.open(note);
      else if (event.key === 'Escape') list.close();
      else return;
      event.preventDefault();
    }}
  >
    <span class="title">${title}</span>
    ${facts.map((fact) => html`<span class="muted">${fact}</span>`)}
  </li>`;
}
