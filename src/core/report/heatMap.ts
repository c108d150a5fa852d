import { html } from './html.js';
import type { Html } from './html.js';
import { shadedCell, squareTable } from './squareTable.js';

export interface HeatMap {
  readonly caption: string;
  readonly names: readonly string[];
  /** [names, names]; `null` where there is no value. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Of the shade, so that the numbers on it can be read. */
const darkest = 0.8;

/** The higher a value, the darker its cell, from the lowest value to the highest. */
export function heatMap({ caption, names, values }: HeatMap): Html {
  const known = values.flat().filter((value) => value !== null);
  const low = known.reduce((a, b) => Math.min(a, b), Infinity);
  const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
  return squareTable({
    caption,
    names,
    cell(row, column) {
      const value = values[row]?.[column] ?? null;
      if (value === null) return html`<td>–</td>`;
      const share = high > low ? (darkest * (value - low)) / (high - low) : 0;
      return shadedCell('accent', share, value.toFixed(2).replace('-', '−'));
    },
  });
}
