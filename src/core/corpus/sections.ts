/**
 * Where the sections of a note begin, and which line is a header. Offsets are UTF-16, into the text as it
 * is. Loads nothing, so that the extension may ask, too.
 */

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface Section extends TextRange {
  /** Without marks and colon; `null` before the first header. */
  readonly header: string | null;
}

const markdownHeader = /^#{1,6}\s+(\S.*?)\s*#*$/;
/** "Past medical history:" alone, or with what it says on the same line ("PMH: asthma"). */
const colonHeader = /^(\p{Lu}[\p{L}\p{M}\p{N}_/&().,'’ -]{1,48}?)\s*:(?:\s|$)/u;
const capitals = /^\p{Lu}[\p{Lu}\p{M}\p{N}/&().,'’ -]{2,59}$/u;

/** The header that a line is or begins with; `null` when it is none. */
export function headerOf(line: string): string | null {
  const text = line.trim();
  const markdown = markdownHeader.exec(text)?.[1];
  if (markdown !== undefined) return markdown;
  const colon = colonHeader.exec(text)?.[1];
  if (colon !== undefined && countOf(colon, /\s+/g) < 6) return colon;
  const isCapitals =
    capitals.test(text) && countOf(text, /\p{Lu}/gu) >= 3 && countOf(text, /\s+/g) < 8;
  return isCapitals && !/[.,]$/.test(text) ? text : null;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** The whole text, cut before each header. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let start = 0;
  let header: string | null = null;
  for (const line of linesOf(text)) {
    const found = headerOf(text.slice(line.start, line.end));
    if (found === null) continue;
    if (line.start > start) sections.push({ header, start, end: line.start });
    start = line.start;
    header = found;
  }
  if (start < text.length) sections.push({ header, start, end: text.length });
  return sections;
}

/** Lines with their line breaks. */
export function* linesOf(text: string): Generator<TextRange> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    yield { start, end };
    start = end;
  }
}

/** The range without white space at its ends. */
export function trimmed(text: string, start: number, end: number): TextRange {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  return { start: from, end: Math.max(from, start + part.trimEnd().length) };
}
