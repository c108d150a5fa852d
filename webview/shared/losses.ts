/** What the losses of a recipe are called, and in which order and colour they are drawn. */

const words: Readonly<Record<string, string>> = {
  mlm: 'masked tokens',
  ntXent: 'contrast',
  category: 'category',
};

export function lossName(loss: string): string {
  return words[loss] ?? loss;
}

/** Known losses in the order of the recipes, others after them. */
export function sortedLosses(names: Iterable<string>): string[] {
  const order = Object.keys(words);
  const rank = (name: string): number =>
    order.includes(name) ? order.indexOf(name) : order.length;
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

/** Place in the palette: total and held-out loss have the first two. */
export function lossColour(palette: readonly string[], loss: string): string {
  const at = Object.keys(words).indexOf(loss);
  return palette[at < 0 ? 5 : at + 2] ?? '';
}

export const objectiveTitles = {
  mlm: 'Masked tokens',
  declutr: 'DeCLUTR',
  'note-category': 'Note category',
} as const;
