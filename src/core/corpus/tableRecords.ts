/**
 * Cuts a delimited text into records, piece by piece. A record that cannot be read costs itself
 * alone: reading goes on at the next line that begins a whole record.
 */
import type { Dialect } from '../../protocol/catalogue/reading.js';
import { lineBreaksIn, lineEnds, recordReader } from './tableRecord.js';
import type { RecordAt, RecordReader } from './tableRecord.js';

export interface TableRecord {
  /** 1-based line on which the record begins, as an editor counts. */
  readonly line: number;
  /** Last line of it. */
  readonly lastLine: number;
  /** Empty if broken. */
  readonly values: readonly string[];
  /**
   * `broken`: a quote is missing or too many. `loose-quote`: read, though a quote within a quoted
   * value is not escaped, text follows a closing quote, or a quote was never opened.
   */
  readonly flaw: 'broken' | 'loose-quote' | null;
}

export interface RecordParser {
  /** Returns the records that are complete. */
  push(piece: string): TableRecord[];
  /** The records that the end of the text completes. */
  end(): TableRecord[];
}

/** In characters. A longer record has a missing closing quote. */
const longestRecord = 16 * 1024 * 1024;

/** @param firstLine number of the text's first line */
export function createRecordParser(dialect: Dialect, firstLine = 1): RecordParser {
  return dialect.recordStart === null
    ? quotedRecords(dialect, firstLine)
    : startedRecords(dialect, dialect.recordStart, firstLine);
}

function quotedRecords(dialect: Dialect, firstLine: number): RecordParser {
  const { quote, columns } = dialect;
  let text = '';
  let waiting: string[] = [];
  let waitingLength = 0;
  let line = firstLine;
  const firsts = createFirsts(dialect);

  function drain(isWhole: boolean): TableRecord[] {
    const records: TableRecord[] = [];
    const read = recordReader(text, dialect, isWhole);
    const lineEndAt = lineEnds(text, dialect.lineEnds);
    let at = 0;
    while (at < text.length) {
      const first = text[at];
      if (first === '\n' || first === '\r') {
        const blank = lineEndAt(at);
        if (blank?.at === at) {
          if (!isWhole && first === '\r' && at + 1 === text.length) break;
          at += blank.length;
          line++;
          continue;
        }
      }
      let found = read(at);
      let flaw: TableRecord['flaw'] = null;
      if (found !== 'incomplete') {
        const isLong = found.flaw !== null || spansLines(at, found, lineEndAt(at));
        if (isLong && (found.flaw !== null || found.values.length !== columns)) {
          const settled = recover(text, at, found, read, dialect, isWhole, firsts);
          if (settled === 'incomplete') break;
          found = settled.found;
          flaw = settled.flaw;
        }
      }
      if (found === 'incomplete') break;
      if (flaw === null && found.values.length === columns) firsts.add(found.values, text[at]);
      const breaks = lineBreaksIn(text.slice(at, found.end));
      // A record at the very end has no line break of its own.
      const hasEnd = endsWithBreak(text, found.end);
      records.push({
        line,
        lastLine: line + breaks - (hasEnd ? 1 : 0),
        values: found.values,
        flaw: flaw ?? (found.hasStrayQuote === true ? 'loose-quote' : null),
      });
      line += breaks;
      at = found.end;
    }
    text = text.slice(at);
    return records;
  }

  function take(): void {
    if (waiting.length > 0) text += waiting.join('');
    waiting = [];
    waitingLength = 0;
  }

  return {
    push(piece) {
      waiting.push(piece);
      waitingLength += piece.length;
      const isLong = text.length + waitingLength > longestRecord;
      // A record that waits for its closing quote is not read again before one arrives.
      if (text !== '' && !isLong && !piece.includes('\n') && !piece.includes('\r')) {
        if (quote === null || !piece.includes(quote)) return [];
      }
      take();
      return drain(isLong && text.length > longestRecord);
    },
    end() {
      take();
      return drain(true);
    },
  };
}

function spansLines(
  at: number,
  found: RecordAt,
  firstEnd: { at: number; length: number } | null,
): boolean {
  return firstEnd !== null && firstEnd.at >= at && firstEnd.at + firstEnd.length < found.end;
}

function endsWithBreak(text: string, end: number): boolean {
  return text[end - 1] === '\n' || text[end - 1] === '\r';
}

/** How many values there are up to the last that is not blank. */
export function filled(values: readonly string[]): number {
  let count = values.length;
  while (count > 0 && values[count - 1]?.trim() === '') count--;
  return Math.max(count, 0);
}

interface Settled {
  readonly found: RecordAt;
  readonly flaw: TableRecord['flaw'];
}

/** Decides what a record with a loose quote, or with lines too many, is. */
function recover(
  text: string,
  start: number,
  strict: RecordAt,
  read: RecordReader,
  dialect: Dialect,
  isWhole: boolean,
  firsts: Firsts,
): Settled | 'incomplete' {
  const { columns } = dialect;
  const lineEndAt = lineEnds(text, dialect.lineEnds);
  const firstEnd = lineEndAt(start);
  if (firstEnd === null && !isWhole) return 'incomplete';
  const behindFirst = firstEnd === null ? text.length : firstEnd.at + firstEnd.length;
  if (strict.flaw !== null) {
    // One line by itself, with quotes as they are.
    const alone = recordReader(text.slice(start, behindFirst), dialect, true);
    for (const afterQuote of ['literal', 'as-written'] as const) {
      const found = alone(0, afterQuote);
      if (found !== 'incomplete' && found.flaw !== 'unclosed' && fits(found, columns)) {
        return { found: { ...found, end: behindFirst }, flaw: 'loose-quote' };
      }
    }
  }
  const whole =
    strict.flaw === null ? strict : strict.flaw === 'unclosed' ? null : read(start, 'literal');
  if (whole === 'incomplete') return 'incomplete';
  // A line within it that is a whole record shows that a quote was lost.
  const reach = whole === null || whole.flaw === 'unclosed' ? text.length : whole.end;
  let at = behindFirst;
  while (at < reach) {
    const found = read(at);
    if (found === 'incomplete') return 'incomplete';
    if (isClean(found, dialect) && firsts.areLike(found.values, text[at]))
      return { found: { values: [], end: at, flaw: null }, flaw: 'broken' };
    const end = lineEndAt(at);
    if (end === null && !isWhole) return 'incomplete';
    at = end === null ? text.length : end.at + end.length;
  }
  if (whole !== null && whole.flaw !== 'unclosed' && fits(whole, columns)) {
    return { found: whole, flaw: 'loose-quote' };
  }
  if (strict.flaw === null) return { found: strict, flaw: null };
  return { found: { values: [], end: at, flaw: null }, flaw: 'broken' };
}

function fits(found: RecordAt, columns: number): boolean {
  return found.values.length >= columns && filled(found.values) <= columns;
}

/** Whether a record has every column, and no quote where none belongs. */
function isClean(found: RecordAt, { columns }: Dialect): boolean {
  return found.flaw === null && found.hasStrayQuote !== true && fits(found, columns);
}

/** A value that begins a record, by its shape. */
const starts = { number: /^\s*\d+\s*$/, code: /^(?=\S{0,39}\d)\S{1,40}$/ } as const;

export function startsRecord(line: string, dialect: Dialect, shape: keyof typeof starts): boolean {
  const end = line.indexOf(dialect.delimiter);
  return end > 0 && starts[shape].test(line.slice(0, end));
}

/** What the first values of records have in common: where a record begins, it is there again. */
interface Firsts {
  add(values: readonly string[], character: string | undefined): void;
  areLike(values: readonly string[], character: string | undefined): boolean;
}

/** The header and a few records tell nothing yet. */
const fewRecords = 3;

function createFirsts({ quote, header }: Dialect): Firsts {
  let records = header ? -1 : 0;
  const traits: readonly ((value: string, character: string | undefined) => boolean)[] = [
    (_, character) => quote !== null && character === quote,
    (_, character) => quote === null || character !== quote,
    (value) => starts.number.test(value),
    (value) => starts.code.test(value),
  ];
  const counts = traits.map(() => 0);
  return {
    add([first = ''], character) {
      records++;
      if (records < 1) return;
      for (const [i, has] of traits.entries())
        if (has(first, character)) counts[i] = (counts[i] ?? 0) + 1;
    },
    areLike([first = ''], character) {
      return traits.every(
        (has, i) => records < fewRecords || counts[i] !== records || has(first, character),
      );
    },
  };
}

/** Records whose unquoted values run over lines; the header is the first line. */
function startedRecords(
  dialect: Dialect,
  shape: keyof typeof starts,
  firstLine: number,
): RecordParser {
  let rest = '';
  let line = firstLine;
  let open: { line: number; lines: string[]; length: number } | null = null;

  function closed(): TableRecord[] {
    if (open === null) return [];
    const { line: first, lines } = open;
    open = null;
    while (lines.length > 1 && lines.at(-1)?.trim() === '') lines.pop();
    const values = lines.join('\n').split(dialect.delimiter);
    const flaw = values.length > dialect.columns ? 'broken' : null;
    return [{ line: first, lastLine: first + lines.length - 1, values, flaw }];
  }

  function take(text: string): TableRecord[] {
    const records: TableRecord[] = [];
    const isHeader = open === null || (dialect.header && open.line === firstLine);
    const isLong = (open?.length ?? 0) > longestRecord;
    if (isHeader || isLong || startsRecord(text, dialect, shape)) records.push(...closed());
    if (open === null && text.trim() !== '') open = { line, lines: [], length: 0 };
    open?.lines.push(text);
    if (open !== null) open.length += text.length + 1;
    line++;
    return records;
  }

  return {
    push(piece) {
      const lines = (rest + piece).split(/\r\n|\n|\r(?=[^\n])/);
      rest = lines.pop() ?? '';
      return lines.flatMap(take);
    },
    end() {
      const last = rest.replace(/\r$/, '');
      rest = '';
      return [...(last === '' ? [] : take(last)), ...closed()];
    },
  };
}
