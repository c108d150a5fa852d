/** Finds the lines of each table record, in a text that is being edited. */
import type { TableKind } from '../../protocol/catalogue/readers.js';
import { readerEntries } from '../../protocol/catalogue/sources.js';
import { dialectOf, isOpenAfter } from './tableSyntax.js';
import type { Dialect } from './tableSyntax.js';

/** A text in an editor: lines, 0-based, without line breaks. */
export interface Lines {
  count(): number;
  text(line: number): string;
}

/** First and last line. */
export interface RecordLines {
  readonly first: number;
  readonly last: number;
}

export interface RecordIndex {
  /** The header and anything above it; `null` if this kind has none. */
  head(): RecordLines | null;
  /**
   * The record on a line. `null` on a blank line between records, in the header, and where a
   * closing quote is missing. Reads only lines it has not read before.
   */
  at(line: number): RecordLines | null;
  /** Call when the text changed at or below this line. */
  changed(line: number): void;
}

export function createRecordIndex(kind: TableKind, lines: Lines): RecordIndex {
  const { records } = readerEntries[kind];
  return records === null || records === 'lines'
    ? lineIndex(lines)
    : tableIndex(records.delimiter, lines);
}

function lineIndex(lines: Lines): RecordIndex {
  return {
    head: () => null,
    at: (line) =>
      line >= lines.count() || lines.text(line).trim() === '' ? null : { first: line, last: line },
    changed: () => undefined,
  };
}

/** A longer header means that a closing quote is missing. */
const mostHeaderLines = 200;

function tableIndex(preferred: string, lines: Lines): RecordIndex {
  /** Records from the top, gaps only at blank lines; the first is the header. */
  const records: RecordLines[] = [];
  let dialect: Dialect | null = null;
  /** The next line to read; no later record begins before it. */
  let next = 0;

  function start(): Dialect {
    const head = Array.from({ length: Math.min(lines.count(), mostHeaderLines) }, (_, line) =>
      lines.text(line),
    );
    const found = dialectOf(`${head.join('\n')}\n`, preferred);
    next = found.preamble > 0 ? 1 : 0;
    return found;
  }

  function readTo(line: number): void {
    dialect ??= start();
    const { delimiter } = dialect;
    const count = lines.count();
    while (next <= line && next < count) {
      const first = next;
      let isOpen = false;
      let last = first - 1;
      do isOpen = isOpenAfter(lines.text(++last), delimiter, isOpen);
      while (isOpen && last + 1 < count);
      next = last + 1;
      if (!isOpen && (last > first || lines.text(first) !== '')) records.push({ first, last });
    }
  }

  function head(): RecordLines | null {
    for (let line = 0; records.length === 0 && line < lines.count(); line = next) readTo(line);
    const [header] = records;
    return header === undefined ? null : { first: 0, last: header.last };
  }

  return {
    head,
    at(line) {
      readTo(line);
      const record = records[lastBefore(records, line)];
      return record === undefined || record === records[0] || record.last < line ? null : record;
    },
    changed(line) {
      const header = records[0];
      const stays = header === undefined || line <= header.last ? 0 : lastBefore(records, line) + 1;
      records.length = stays;
      const kept = records.at(-1);
      if (kept !== undefined && kept.last >= line) records.pop();
      next = (records.at(-1)?.last ?? -1) + 1;
      if (records.length === 0) dialect = null;
    },
  };
}

/** Index of the last record that begins at or above a line; -1 if none. */
function lastBefore(records: readonly RecordLines[], line: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.first ?? Infinity) <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
