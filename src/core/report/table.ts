/** Tables for reports, with a caption and headers for screen readers. */
import { html } from './html.js';
import type { Html } from './html.js';

export interface Column {
  readonly title: string;
  /** `heading`: a row header; `number`: right-aligned. */
  readonly kind: 'text' | 'heading' | 'number';
}

export type Cell = Html | string;

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** One cell per column. */
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

/** A share in [0, 1] as a bar with its percentage. */
export function bar(share: number): Html {
  const percent = `${Math.round(100 * share)}%`;
  return html`<span class="bar" aria-hidden="true"><i style="width:${percent}"></i></span>
    ${percent}`;
}
