import type { Pen } from './pen.js';

/** Draws as text of an SVG that stands alone. */
export function svgPen({ width, height }: { readonly width: number; readonly height: number }): {
  readonly pen: Pen;
  readonly finish: () => string;
} {
  const parts: string[] = [];
  const at = (value: number): string => String(Math.round(value * 10) / 10);
  const pen: Pen = {
    rectangle({ x, y, width: wide, height: high, colour }) {
      parts.push(
        `<rect x="${at(x)}" y="${at(y)}" width="${at(wide)}" height="${at(high)}" fill="${escapeText(colour)}"/>`,
      );
    },
    mark({ x, y, path, colour, opacity, title }) {
      const place = `transform="translate(${at(x)} ${at(y)})"`;
      const look = `fill="${escapeText(colour)}" fill-opacity="${opacity}"`;
      const inside = title === null ? '/>' : `><title>${escapeText(title)}</title></path>`;
      parts.push(`<path d="${path}" ${place} ${look}${inside}`);
    },
    text({ x, y, text, size, isBold, isCentred, colour, halo }) {
      const look = [
        `font-size="${size}"`,
        ...(isBold ? ['font-weight="600"'] : []),
        ...(isCentred ? ['text-anchor="middle"'] : []),
        ...(halo === null
          ? []
          : [
              `stroke="${escapeText(halo)}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`,
            ]),
      ];
      parts.push(
        `<text x="${at(x)}" y="${at(y)}" ${look.join(' ')} fill="${escapeText(colour)}">${escapeText(text)}</text>`,
      );
    },
    group: (name) => parts.push(`<g class="${name}">`),
    groupEnd: () => parts.push('</g>'),
  };
  return {
    pen,
    finish: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">\n${parts.join('\n')}\n</svg>\n`,
  };
}

export function escapeText(text: string): string {
  const named: Readonly<Record<string, string>> = {
    ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
  };
  // What XML does not know as a character would make the whole drawing unreadable.
  return text.replace(/[&<>"]/g, (found) => named[found] ?? '').replace(/[^\P{Cc}\t\n\r]/gu, '');
}
