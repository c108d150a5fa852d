/**
 * How a table's text is cut, from its first line and its quotes. Shared by the file reader and the
 * code that follows the cursor in an editor. Has no dependencies, so that the extension can use it
 * too.
 */

export interface Dialect {
  readonly delimiter: string;
  /** Length of a first line `sep=;`, as some spreadsheets write; 0 if absent. */
  readonly preamble: number;
}

/**
 * @param head at least the header
 * @param preferred the delimiter that files of this kind usually have
 */
export function dialectOf(head: string, preferred: string): Dialect {
  const preamble = /^sep=(.)(\r\n?|\n)/i.exec(head);
  if (preamble?.[1] !== undefined) {
    return { delimiter: preamble[1], preamble: preamble[0].length };
  }
  return { delimiter: detectDelimiter(head, preferred), preamble: 0 };
}

/** The delimiter that occurs most in the header, outside quotes. */
function detectDelimiter(head: string, preferred: string): string {
  const counts = new Map([preferred, ',', ';', '\t', '|'].map((candidate) => [candidate, 0]));
  let quoted = false;
  for (const character of head) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && counts.has(character)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  let best = preferred;
  for (const [candidate, count] of counts) {
    if (count > (counts.get(best) ?? 0)) best = candidate;
  }
  return best;
}

/**
 * Whether a quoted value is still open at the end of a line; `wasOpen`: whether one was open before
 * it.
 */
export function isOpenAfter(line: string, delimiter: string, wasOpen: boolean): boolean {
  let isOpen = wasOpen;
  for (let start = 0; ;) {
    if (!isOpen && line.startsWith('"', start)) {
      isOpen = true;
      start++;
    }
    if (isOpen) {
      const end = closingQuote(line, start);
      if (end < 0) return true;
      isOpen = false;
      start = end + 1;
    }
    // Text between a closing quote and the delimiter is part of the value, quotes included.
    const next = line.indexOf(delimiter, start);
    if (next < 0) return false;
    start = next + delimiter.length;
  }
}

/** Two quotes in a row are one literal quote within the value. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at;
  }
  return -1;
}
