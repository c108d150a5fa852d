/** What the tables of this panel have in common. */
import { html, type TemplateResult } from 'lit';
import {
  analysisFigureText,
  type AnalysisFigureName,
} from '../../src/protocol/catalogue/analysis.js';
import type { AnalyzedFigure, AnalyzeComparison } from '../../src/protocol/analysis.js';
import { formatChance } from '../shared/format.js';
import type { SortColumn, SortTable } from '../shared/sortTable.js';
import { sortTable } from '../shared/sortTable.js';
import type { Drawn } from './drawn.js';

/** A table that remembers how it is sorted. */
export function table<Row>(
  { state, actions }: Drawn,
  rest: Omit<SortTable<Row>, 'sorting' | 'sort'>,
): TemplateResult {
  return sortTable({
    ...rest,
    sorting: state.sortings[rest.name] ?? null,
    sort: (sorting) => actions.change({ sortings: { ...state.sortings, [rest.name]: sorting } }),
  });
}

/** A p-value; the first press puts the least on top. */
export function chanceColumn<Name extends 'p' | 'pHolm'>(
  column: Name,
): SortColumn<Readonly<Record<Name, number>>> {
  return {
    ...{ column, label: column === 'p' ? 'p' : 'p, adjusted' },
    ...{ isNumber: true, startsDescending: false },
    value: (row) => row[column],
    cell: (row) => formatChance(row[column]),
  };
}

/** A value above its interval. */
export function figureCell(
  name: AnalysisFigureName,
  figure: AnalyzedFigure | undefined,
  isBest: boolean,
): TemplateResult | string {
  if (figure === undefined || figure.value === null) return '–';
  const { value, low, high } = figure;
  const text = (number: number): string => analysisFigureText(name, number);
  return html`<span class="mean ${isBest ? 'best' : ''}">${text(value)}</span>
    ${low === null || high === null ? '' : html`<span class="interval">${text(low)} to ${text(high)}</span>`}`;
}

export function differenceCell(
  text: (value: number) => string,
  { mean, low, high }: AnalyzeComparison['difference'],
): TemplateResult {
  return html`<span class="mean">${mean > 0 ? '+' : ''}${text(mean)}</span>
    <span class="interval">${text(low)} to ${text(high)}</span>`;
}

/** A note that opens. */
export function noteLink({ content, actions }: Drawn, note: number): TemplateResult {
  const known = content.notes[note] ?? '';
  const name = known === '' ? `Note ${note + 1}` : known;
  return html`<button class="link-button" @click=${() => actions.open(note)}>${name}</button>`;
}

export function noteName({ content }: Drawn, note: number): string {
  return content.notes[note] ?? '';
}

export function noteLinks(drawn: Drawn, notes: readonly number[]): TemplateResult | string {
  if (notes.length === 0) return '–';
  return html`<ul>
    ${notes.map((note) => html`<li>${noteLink(drawn, note)}</li>`)}
  </ul>`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function decimals(value: number): string {
  return value.toFixed(3).replace('-', '−');
}
