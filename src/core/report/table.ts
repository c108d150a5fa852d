/** Tables of a report: with a caption, and headers that a screen reader can find its place by. */
import { html } from './html.js';
import type { Html } from './html.js';

export interface Column {
  readonly title: string;
  /** `heading`: names its row; `number`: to the right, so that digits stand below each other. */
  readonly kind: 'text' | 'heading' | 'number';
}

export type Cell = Html | string;

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** A cell a column. */
  readonly rows: readonly (readonly Cell[])[];
}

export function table({ caption, columns, rows }: Table): Html {
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map(({ kind }, at) => cell(row[at] ?? '', kind))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(content: Cell, kind: Column['kind']): Html {
  return kind === 'heading'
    ? html`<th scope="row">${content}</th>`
    : html`<td class="${kind}">${content}</td>`;
}

/** A share of 1 as a bar with its percentage. */
export function bar(share: number): Html {
  const percent = `${Math.round(100 * share)}%`;
  return html`<span class="bar" aria-hidden="true"><i style="width:${percent}"></i></span>
    ${percent}`;
}
