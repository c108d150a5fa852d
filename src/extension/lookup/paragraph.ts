/** The paragraph around a line of a note: the text that a hover looks up. */
import { headerOf } from '../../core/corpus/sections.js';

/** Longer paragraphs are cut around the line. */
const mostLines = 40;

/**
 * First and last line of the paragraph; `null` on a blank line. Notes without blank lines are split
 * at lines that look like section headers ("Plan:", "MEDICATION ON ADMISSION").
 */
export function paragraphLines(
  line: number,
  lineCount: number,
  textOf: (line: number) => string,
): { readonly first: number; readonly last: number } | null {
  const isBlank = (at: number) => textOf(at).trim() === '';
  const isHeader = (at: number) => headerOf(textOf(at)) !== null;
  if (line < 0 || line >= lineCount || isBlank(line)) return null;
  let first = line;
  while (first > 0 && !isHeader(first) && !isBlank(first - 1) && line - first < mostLines / 2) {
    first--;
  }
  let last = line;
  while (
    last + 1 < lineCount &&
    !isBlank(last + 1) &&
    !isHeader(last + 1) &&
    last - first < mostLines
  ) {
    last++;
  }
  return { first, last };
}
