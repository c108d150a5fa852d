/**
 * Note text for `MarkdownString.appendText`, which escapes markdown and no more. A renderer still
 * swallows what looks like HTML ("<5 mmol/l <b>"), and makes links of bare addresses: those a word
 * joiner, which nobody sees, keeps apart.
 */
const wordJoiner = '\u2060';

export function plainText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/:(?=\/\/)/g, `:${wordJoiner}`)
    .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}${wordJoiner}.`)
    .replace(/@/g, `@${wordJoiner}`);
}

/** One line of at most `most` characters, cut at a word where possible. */
export function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const cut = line.slice(0, most);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
