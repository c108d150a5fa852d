/** Snippets end at a word boundary, at about this many UTF-16 units. */
const snippetLength = 200;

/** The beginning of a stretch of text as plain text on one line. */
export function snippetOf(text: string, start: number, end: number): string {
  // A passage may be mostly blank lines, so read more than is shown.
  const plain = text
    .slice(start, Math.min(end, start + 20 * snippetLength))
    .replace(/\s+/gu, ' ')
    .trim();
  if (plain.length <= snippetLength) return plain;
  const cut = plain.lastIndexOf(' ', snippetLength);
  const length = cut > snippetLength / 2 ? cut : snippetLength;
  // Never split a surrogate pair.
  return `${plain.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
