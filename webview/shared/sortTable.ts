/** A table whose rows can be sorted by each column, by pointer and by keyboard. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from './format.js';
import { sortHead } from './sortHead.js';
import { pressed, sortedBy, type Sortable, type Sorting } from './sorting.js';

export interface SortColumn<Row> {
  readonly column: string;
  readonly label: string;
  readonly isNumber?: boolean;
  /** Whether the first press puts the highest on top; absent: of numbers. */
  readonly startsDescending?: boolean;
  /** What rows are sorted by. */
  readonly value: (row: Row) => Sortable;
  /** What is shown; absent: the value. */
  readonly cell?: (row: Row) => TemplateResult | string;
}

export interface SortTable<Row> {
  /** Distinguishes tables on the page. */
  readonly name: string;
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  /** The first names the row. */
  readonly columns: readonly SortColumn<Row>[];
  readonly rows: readonly Row[];
  readonly sorting: Sorting | null;
  readonly sort: (sorting: Sorting) => void;
  /** Where to find rows beyond those that are drawn. */
  readonly whereMore?: string;
}

/** More would be slow to draw and long to read. */
const mostDrawn = 200;

export function sortTable<Row>(table: SortTable<Row>): TemplateResult {
  const { name, caption, isCaptionHidden = false, columns, rows, sorting, sort } = table;
  const by = columns.find(({ column }) => column === sorting?.column);
  const ordered =
    by === undefined || sorting === null ? rows : sortedBy(rows, by.value, sorting.descending);
  const more = rows.length - mostDrawn;
  return html`<div class="scroll">
      <table class="sortable" data-table=${name}>
        <caption class=${isCaptionHidden ? 'visually-hidden' : ''}>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${columns.map(({ column, label, isNumber = false, startsDescending = isNumber }) =>
              sortHead({
                ...{ column, label, isNumber, sorting },
                press: () => sort(pressed(sorting, column, startsDescending)),
              }),
            )}
          </tr>
        </thead>
        <tbody>
          ${ordered.slice(0, mostDrawn).map(
            (row) =>
              html`<tr>
                ${columns.map((column, at) => cell(column, row, at === 0))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      more <= 0
        ? nothing
        : html`<p class="muted">and ${formatCount(more)} more${table.whereMore ?? ''}</p>`
    }`;
}

function cell<Row>(
  { value, cell: drawn, isNumber = false }: SortColumn<Row>,
  row: Row,
  isHead: boolean,
): TemplateResult {
  const content = drawn === undefined ? (value(row) ?? '–') : drawn(row);
  if (isHead) return html`<th scope="row">${content}</th>`;
  return html`<td class=${isNumber ? 'number' : ''}>${content}</td>`;
}
