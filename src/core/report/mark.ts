/** The mark of a note: its category's colour, and another shape where the colours repeat. */
import { categoryStyle, lightPalette, symbolPath } from './drawing/palette.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { colourClass } from './style.js';

export interface MarkPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** @param category a negative number for a note without one */
export function categoryMark(category: number, { x, y, size }: MarkPlace, title = ''): Html {
  const { symbol } = categoryStyle(lightPalette, '', false, category);
  const told = title === '' ? [] : [html`<title>${title}</title>`];
  return html`<path
    class="${colourClass(category)}"
    transform="translate(${x} ${y})"
    d="${symbolPath(symbol, size)}"
    >${told}</path
  >`;
}
