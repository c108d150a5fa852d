/**
 * Eight colours for each theme (light, dark), found by search: any two differ for normal vision and
 * under simulated protanopia, deuteranopia and tritanopia, and each has a contrast of at least 3:1
 * against the editor's background (`test/webview/palette.test.ts` checks both).
 */
export const lightPalette: readonly string[] = [
  '#2760dd',
  '#b72301',
  '#1f6a54',
  '#a032a1',
  '#af7d32',
  '#4c95ad',
  '#560585',
  '#652526',
];

export const darkPalette: readonly string[] = [
  '#5185ff',
  '#ff921f',
  '#1ac79a',
  '#ad44ad',
  '#ffea37',
  '#a5f9fe',
  '#e7a1ff',
  '#ca3d0c',
];

export const symbols = ['circle', 'diamond', 'square', 'triangle'] as const;
export type PointSymbol = (typeof symbols)[number];

export interface CategoryStyle {
  readonly colour: string;
  readonly symbol: PointSymbol;
}

/**
 * Style of category `index`; negative for "no category". Colours repeat after eight, and then
 * shapes differ; in high contrast shapes differ from the start.
 */
export function categoryStyle(
  palette: readonly string[],
  neutral: string,
  highContrast: boolean,
  index: number,
): CategoryStyle {
  const colour = index < 0 ? neutral : palette[index % palette.length];
  const turn = highContrast ? index : Math.floor(index / palette.length);
  const symbol = index < 0 ? 'circle' : symbols[turn % symbols.length];
  return { colour: colour ?? neutral, symbol: symbol ?? 'circle' };
}

/** Outline of a symbol that is `size` wide, around the origin, as an SVG path. */
export function symbolPath(symbol: PointSymbol, size: number): string {
  const r = size / 2;
  switch (symbol) {
    case 'circle':
      return `M${-r} 0a${r} ${r} 0 1 0 ${size} 0a${r} ${r} 0 1 0 ${-size} 0Z`;
    case 'diamond':
      return `M0 ${-r * 1.2}L${r * 1.2} 0L0 ${r * 1.2}L${-r * 1.2} 0Z`;
    case 'square':
      return `M${-r * 0.88} ${-r * 0.88}h${r * 1.76}v${r * 1.76}h${-r * 1.76}Z`;
    case 'triangle':
      return `M0 ${-r * 1.15}L${r * 1.1} ${r * 0.85}L${-r * 1.1} ${r * 0.85}Z`;
  }
}
