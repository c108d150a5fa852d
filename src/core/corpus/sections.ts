/**
 * Finds a note's sections and header lines. Offsets are UTF-16 units in the original text. Has no
 * dependencies, so that the extension can use it too.
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
/** "Past medical history:" on its own line, or followed by its content ("PMH: asthma"). */
const colonHeader = /^(\p{Lu}[\p{L}\p{M}\p{N}_/&().,'’ -]{1,48}?)\s*:(?:\s|$)/u;
const capitals = /^\p{Lu}[\p{Lu}\p{M}\p{N}/&().,'’ -]{2,59}$/u;

/** The header that a line is or starts with; `null` if there is none. */
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

/** The range without leading and trailing white space. */
export function trimmed(text: string, start: number, end: number): TextRange {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  return { start: from, end: Math.max(from, start + part.trimEnd().length) };
}
