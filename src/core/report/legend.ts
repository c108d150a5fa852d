/** The legend of a picture's lines and marks. */
import { count } from '../base/wording.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { categoryMark } from './mark.js';
import { colourClass } from './style.js';

export interface LegendEntry {
  /** How it is drawn; `category`: a mark of the scatter plot. */
  readonly kind: 'line' | 'faint' | 'dots' | 'band' | 'category';
  /** Index into the palette, or number of the category. */
  readonly colour: number;
  readonly name: string;
  readonly count?: number;
}

export function legend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend">
    ${entries.map(
      (entry) =>
        html`<li>
          ${sample(entry)}${entry.name}${
            entry.count === undefined ? [] : [html` <b>${count(entry.count)}</b>`]
          }
        </li>`,
    )}
  </ul>`;
}

function sample({ kind, colour }: LegendEntry): Html {
  if (kind === 'category') {
    return html`<svg class="mark" viewBox="-7 -7 14 14" aria-hidden="true">
      ${categoryMark(colour, { x: 0, y: 0, size: 10 })}
    </svg>`;
  }
  const look = colourClass(colour);
  const path = kind === 'band' ? 'M1 1H21V9H1Z' : 'M1 5H21';
  const dot = kind === 'dots' ? [html`<circle class="dot ${look}" cx="11" cy="5" r="4" />`] : [];
  return html`<svg class="sample" viewBox="0 0 22 10" aria-hidden="true">
    <path class="${kind} ${look}" d="${path}" />
    ${dot}
  </svg>`;
}
