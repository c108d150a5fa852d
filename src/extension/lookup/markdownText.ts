/**
 * A line of note text for `MarkdownString.appendText`, which escapes markdown but not all of it: what
 * looks like HTML ("<5 mmol/l <b>") is swallowed, bare addresses become links, "1. " begins a list.
 * A word joiner, which nobody sees, keeps addresses apart and the line from beginning with a number.
 */
const wordJoiner = '\u2060';

export function plainText(text: string): string {
  const marked = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/:(?=\/\/)/g, `:${wordJoiner}`)
    .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}${wordJoiner}.`)
    .replace(/@/g, `@${wordJoiner}`);
  return `${wordJoiner}${marked}`;
}

/** One line of at most `most` characters, cut at a word where possible. */
export function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const cut = line.slice(0, most);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
