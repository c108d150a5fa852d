/** Finds the lines of each table record, in a text that is being edited. */
import type { TableKind } from '../../protocol/catalogue/readers.js';
import type { Dialect, Reading } from '../../protocol/catalogue/reading.js';
import { readerEntries } from '../../protocol/catalogue/sources.js';
import { detectDialect, sampleLength } from './dialect.js';
import { findLayout, looksLikeJson } from './jsonLayout.js';
import { createJsonSplitter } from './jsonSplit.js';
import { shareLines } from './splitRecord.js';
import type { RecordSplitter } from './splitRecord.js';
import { createXmlSplitter, findXmlLayout, looksLikeXml } from './xmlRecords.js';
import { createRecordParser } from './tableRecords.js';
import type { RecordParser } from './tableRecords.js';

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
  /** The header and anything above it; `null` if there is none. */
  head(): RecordLines | null;
  /** How the table is cut; `null` if this kind is not delimited. */
  dialect(): Dialect | null;
  /**
   * The record on a line. `null` on a blank line between records, in the header, and in a record
   * that lost a quote. Reads only lines it has not read before.
   */
  at(line: number): RecordLines | null;
  /** Call when the text changed at or below this line. */
  changed(line: number): void;
}

export function createRecordIndex(kind: TableKind, lines: Lines, reading?: Reading): RecordIndex {
  const { records } = readerEntries[kind];
  const top = topOf(lines, shortHead);
  if (reading?.format !== kind) {
    if (looksLikeJson(top)) return splitIndex(lines, jsonSplit);
    if (looksLikeXml(top)) return splitIndex(lines, xmlSplit);
  }
  if (records === 'xml') return splitIndex(lines, xmlSplit);
  return records === null || records === 'json'
    ? splitIndex(lines, jsonSplit)
    : tableIndex(records.delimiter, lines, reading);
}

/** How the records of a text are cut; `lines`: a record a line; `null`: an editor cannot tell them. */
type Split = (top: string, isWhole: boolean) => (() => RecordSplitter) | 'lines' | null;

const jsonSplit: Split = (top, isWhole) => {
  const { isLines, path, inner } = findLayout(top, isWhole);
  if (isLines) return 'lines';
  // Several notes in a record cannot be told apart by their lines.
  return inner.length > 0 ? null : () => createJsonSplitter(path);
};

const xmlSplit: Split = (top, isWhole) => {
  const { path, inner } = findXmlLayout(top, isWhole);
  return inner.length > 0 ? null : () => createXmlSplitter(path, { count: 0, line: 0 });
};

/** Enough to see whether a text is JSON. */
const shortHead = 1000;

/** Lines from the top, of so many characters in all. */
function topOf(lines: Lines, length: number): string {
  let top = '';
  for (let line = 0; line < lines.count() && top.length < length; line++) {
    top += `${lines.text(line)}\n`;
  }
  return top;
}

function splitIndex(lines: Lines, split: Split): RecordIndex {
  let settled: ReturnType<Split> | undefined;
  let splitter: RecordSplitter | null = null;
  let records: FoundRecord[] = [];
  let next = 0;

  function settle(): ReturnType<Split> {
    const top = topOf(lines, sampleLength);
    const how = split(top, top.length < sampleLength);
    // Where records share lines, the reader numbers them otherwise than by their lines.
    return typeof how === 'function' && shareLines(how().push(top)) ? null : how;
  }

  function readTo(line: number, create: () => RecordSplitter): void {
    splitter ??= create();
    // Whether a second record begins on a line is known once one begins below it.
    while (next < lines.count() && (records.at(-1)?.first ?? -1) <= line) {
      const found = splitter.push(`${lines.text(next)}\n`);
      if (++next === lines.count()) found.push(...splitter.end());
      for (const { line: first, lastLine, value } of found) {
        const record = { first: first - 1, last: lastLine - 1, isBroken: value === null };
        records.push({ ...record, read: next - 1 });
      }
    }
  }

  return {
    head: () => null,
    dialect: () => null,
    at(line) {
      if (line >= lines.count() || lines.text(line).trim() === '') return null;
      const how = (settled ??= settle());
      if (how === 'lines') return { first: line, last: line };
      if (how === null) return null;
      readTo(line, how);
      const record = records.find(({ first, last }) => first <= line && line <= last);
      if (record === undefined || record.isBroken) return null;
      const { first, last } = record;
      readTo(last, how);
      // Of a line that it shares with another, its own part cannot be told.
      const isAlone = records.every(
        (other) => other === record || other.last < first || other.first > last,
      );
      return isAlone ? { first, last } : null;
    },
    changed() {
      settled = undefined;
      splitter = null;
      records = [];
      next = 0;
    },
  };
}

interface FoundRecord extends RecordLines {
  readonly isBroken: boolean;
  /** The last line that was read when the record was found. */
  readonly read: number;
}

function tableIndex(preferred: string, lines: Lines, reading: Reading | undefined): RecordIndex {
  /** Records from the top, gaps only at blank lines; the first is the header, if there is one. */
  const records: FoundRecord[] = [];
  let settled: Dialect | null = null;
  let parser: RecordParser | null = null;
  /** The next line to read; no later record begins before it. */
  let next = 0;

  function dialect(): Dialect {
    if (settled !== null) return settled;
    const head: string[] = [];
    let length = 0;
    for (; head.length < lines.count() && length < sampleLength;) {
      const text = lines.text(head.length);
      head.push(text);
      length += text.length + 1;
    }
    const isWhole = head.length === lines.count();
    settled = detectDialect(head.join('\n') + (isWhole ? '' : '\n'), isWhole, preferred, reading);
    next = settled.skipRows;
    return settled;
  }

  function readTo(line: number): void {
    const cut = dialect();
    parser ??= createRecordParser(cut, next + 1);
    const count = lines.count();
    while (next < count && (records.at(-1)?.last ?? -1) < line) {
      const isLast = next + 1 === count;
      const found = parser.push(lines.text(next) + (isLast ? '' : '\n'));
      if (isLast) found.push(...parser.end());
      for (const record of found) {
        records.push({
          first: record.line - 1,
          last: record.lastLine - 1,
          isBroken: record.flaw === 'broken',
          read: next,
        });
      }
      next++;
      // A blank line belongs to no record, and nothing is open before it.
      if (next > line && isBetween(line)) return;
    }
  }

  /** Whether no record that is still open can reach back to a line. */
  function isBetween(line: number): boolean {
    return lines.text(line) === '' && (records.at(-1)?.last ?? -1) === line - 1 && next === line + 1
      ? dialect().recordStart === null
      : false;
  }

  function head(): RecordLines | null {
    const { header, skipRows } = dialect();
    if (!header) return null;
    for (let line = skipRows; records.length === 0 && line < lines.count(); line++) readTo(line);
    const [first] = records;
    return first === undefined ? null : { first: 0, last: first.last };
  }

  return {
    head,
    dialect,
    at(line) {
      if (line < dialect().skipRows) return null;
      readTo(line);
      const at = lastBefore(records, line);
      const record = records[at];
      if (record === undefined || record.last < line || record.isBroken) return null;
      if (at === 0 && dialect().header) return null;
      return { first: record.first, last: record.last };
    },
    changed(line) {
      if (settled === null) return;
      const header = settled.header ? records[0] : null;
      const top = header === undefined ? Infinity : (header?.last ?? settled.skipRows - 1);
      if (line <= top || top === Infinity) records.length = 0;
      while ((records.at(-1)?.read ?? -1) >= line) records.pop();
      parser = null;
      next = (records.at(-1)?.last ?? -1) + 1;
      if (records.length === 0) settled = null;
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
