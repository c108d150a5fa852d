/** Snippets end at a word boundary, at about this many UTF-16 units. */
const snippetLength = 200;
/** What is shown before the first word that a snippet is about. */
const leadLength = 40;

/**
 * A stretch of text as plain text on one line: its beginning, or the part that holds most of the words
 * in common with the query.
 *
 * @param terms words in common, in lower case, with their weights
 */
export function snippetOf(
  text: string,
  start: number,
  end: number,
  terms: readonly { readonly term: string; readonly weight: number }[] = [],
): string {
  // A passage may be mostly blank lines, so read more than is shown.
  const plain = text
    .slice(start, Math.min(end, start + 20 * snippetLength))
    .replace(/\s+/gu, ' ')
    .trim();
  if (plain.length <= snippetLength) return plain;
  const from = richestStart(plain, new Map(terms.map(({ term, weight }) => [term, weight])));
  const shown = from === 0 ? plain : `…${plain.slice(from)}`;
  if (shown.length <= snippetLength) return shown;
  const cut = shown.lastIndexOf(' ', snippetLength);
  const length = cut > snippetLength / 2 ? cut : snippetLength;
  // Never split a surrogate pair.
  return `${shown.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Where a snippet begins that holds the most; 0 if no other holds more than the first. */
function richestStart(plain: string, weights: ReadonlyMap<string, number>): number {
  const hits = [...plain.matchAll(/[\p{L}\p{N}_]{2,}/gu)].flatMap(({ 0: word, index }) => {
    const term = word.toLowerCase();
    const weight = weights.get(term);
    return weight === undefined ? [] : [{ term, weight, index, end: index + word.length }];
  });
  const heldFrom = (start: number): number => {
    const seen = new Map<string, number>();
    for (const { term, weight, index, end } of hits) {
      if (index >= start && end <= start + snippetLength) seen.set(term, weight);
    }
    return [...seen.values()].reduce((sum, weight) => sum + weight, 0);
  };
  let best = { start: 0, held: heldFrom(0) };
  for (const { index } of hits) {
    if (index <= leadLength) continue;
    const space = plain.lastIndexOf(' ', index - leadLength);
    const start = space === -1 ? index : space + 1;
    const held = heldFrom(start);
    // What differs by rounding is the same: the first is kept.
    if (held > best.held + 1e-9) best = { start, held };
  }
  return best.start;
}
