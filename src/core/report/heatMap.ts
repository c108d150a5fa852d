import { html } from './html.js';
import type { Html } from './html.js';

export interface HeatMap {
  readonly caption: string;
  readonly names: readonly string[];
  /** [names, names]; `null` where there is no value. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** The higher a value, the darker its cell, from the lowest value to the highest. */
export function heatMap({ caption, names, values }: HeatMap): Html {
  const known = values.flat().filter((value) => value !== null);
  const low = known.reduce((a, b) => Math.min(a, b), Infinity);
  const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
  const share = (value: number): number =>
    high > low ? Math.round((80 * (value - low)) / (high - low)) : 0;
  return html`<div class="scroll">
    <table class="confusion">
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
              ${names.map((_, column) => {
                const value = values[row]?.[column] ?? null;
                return value === null
                  ? html`<td>–</td>`
                  : html`<td class="wrong" style="--share:${share(value)}%">
                      ${value.toFixed(2).replace('-', '−')}
                    </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
