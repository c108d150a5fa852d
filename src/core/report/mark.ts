/** A note's mark: its category's colour, and a different shape where colours repeat. */
import { categoryStyle, lightPalette, symbolPath } from './drawing/palette.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { colourClass } from './style.js';

export interface MarkPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** @param category negative for a note without one */
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
