/**
 * Note text for a hover. `MarkdownString.appendText` escapes markdown, but a renderer still makes
 * links of bare addresses: a word joiner, which nobody sees, keeps those apart.
 */
const wordJoiner = '\u2060';

export function withoutLinks(text: string): string {
  return text
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
