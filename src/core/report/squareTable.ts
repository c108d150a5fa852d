import { html } from './html.js';
import type { Html } from './html.js';

export interface SquareTable {
  readonly caption: string;
  /** Of the rows, and of the columns. */
  readonly names: readonly string[];
  readonly cell: (row: number, column: number) => Html;
}

/** The same names down and across. */
export function squareTable({ caption, names, cell }: SquareTable): Html {
  return html`<div class="scroll">
    <table class="square">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${names.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name, row) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${names.map((_, column) => cell(row, column))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param share of the full shade, in [0, 1] */
export function shadedCell(shade: 'good' | 'accent', share: number, text: string): Html {
  return html`<td class="${shade}" style="--share:${Math.round(100 * share)}%">${text}</td>`;
}
