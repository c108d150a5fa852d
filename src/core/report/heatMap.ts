import { shadeOf } from './drawing/shade.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { shadedCell, squareTable } from './squareTable.js';

export interface HeatMap {
  readonly caption: string;
  readonly names: readonly string[];
  /** [names, names]; `null` where there is no value. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** The higher a value, the darker its cell, from the lowest value to the highest. */
export function heatMap({ caption, names, values }: HeatMap): Html {
  const shade = shadeOf(values.flat());
  return squareTable({
    caption,
    names,
    cell(row, column) {
      const value = values[row]?.[column] ?? null;
      if (value === null) return html`<td>–</td>`;
      return shadedCell('accent', shade(value), value.toFixed(2).replace('-', '−'));
    },
  });
}
