/** Where the sections and paragraphs of a note begin. Offsets are UTF-16, into the text as it is. */

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
const colonHeader = /^([A-Z][\w/&().,'’ -]{1,48}?)\s*:(?:\s|$)/;
const capitals = /^[A-Z][A-Z0-9/&().,'’ -]{2,59}$/;

/** The header that a line is or begins with; `null` when it is none. */
export function headerOf(line: string): string | null {
  const text = line.trim();
  const markdown = markdownHeader.exec(text)?.[1];
  if (markdown !== undefined) return markdown;
  const colon = colonHeader.exec(text)?.[1];
  if (colon !== undefined && countOf(colon, /\s+/g) < 6) return colon;
  const isCapitals =
    capitals.test(text) && countOf(text, /[A-Z]/g) >= 3 && countOf(text, /\s+/g) < 8;
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

/**
 * The paragraph around an offset, without blank space at its ends: blank lines and headers part
 * paragraphs. Empty where the offset stands on a blank line.
 */
export function paragraphAt(text: string, offset: number): TextRange {
  const at = Math.min(Math.max(offset, 0), text.length);
  let start = lineStart(text, at);
  let end = lineEnd(text, at);
  if (isBlank(text, start, end)) return { start: at, end: at };
  while (start > 0 && headerOf(text.slice(start, lineEnd(text, start))) === null) {
    const above = lineStart(text, start - 1);
    if (isBlank(text, above, start)) break;
    start = above;
  }
  while (end < text.length) {
    const below = lineEnd(text, end + 1);
    const line = text.slice(end + 1, below);
    if (line.trim() === '' || headerOf(line) !== null) break;
    end = below;
  }
  return trimmed(text, start, end);
}

/** The range without white space at its ends. */
export function trimmed(text: string, start: number, end: number): TextRange {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  return { start: from, end: Math.max(from, start + part.trimEnd().length) };
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the line break that ends the line, or the text's end. */
function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline;
}

function isBlank(text: string, start: number, end: number): boolean {
  return text.slice(start, end).trim() === '';
}
