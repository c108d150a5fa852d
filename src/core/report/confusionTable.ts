import { html } from './html.js';
import type { Html } from './html.js';

/** Rows are the actual classes; the more notes of a class, the darker their cell. */
export function confusionTable(names: readonly string[], counts: readonly number[]): Html {
  const size = names.length;
  const rows = names.map((name, row) => ({
    name,
    counts: counts.slice(row * size, (row + 1) * size),
  }));
  return html`<div class="scroll">
    <table class="confusion">
      <caption>
        Notes by actual class (rows) and predicted class (columns)
      </caption>
      <thead>
        <tr>
          <td></td>
          ${names.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ name, counts: own }, row) => {
          const all = own.reduce((sum, count) => sum + count, 0);
          return html`<tr>
            <th scope="row">${name}</th>
            ${own.map((count, column) => {
              const share = all === 0 ? 0 : Math.round((100 * count) / all);
              const kind = row === column ? 'right' : 'wrong';
              return html`<td class="${kind}" style="--share:${share}%">${count}</td>`;
            })}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
