/**
 * Prepares a line of note text for `MarkdownString.appendText`, which does not escape everything:
 * text that looks like HTML ("<5 mmol/l <b>") is dropped, bare addresses become links, and "1. "
 * starts a list. An invisible word joiner breaks up addresses and leading numbers.
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

/** One line of at most `most` characters, cut between words where possible. */
export function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const cut = line.slice(0, most);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
