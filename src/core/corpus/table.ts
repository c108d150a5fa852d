/** Delimited tables of any dialect: one note per row; quoted values may contain line breaks. */
import { usageError } from '../base/errors.js';
import type { Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { readers } from '../../protocol/catalogue/readers.js';
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import type { Dialect, Reading } from '../../protocol/catalogue/reading.js';
import { detectDialect, offsetOfLine, sampleLength } from './dialect.js';
import { reportGuess } from './fileEncoding.js';
import { remark } from './remark.js';
import { longestName } from './tableHeader.js';
import { createRecordParser } from './tableRecords.js';
import type { TableRecord } from './tableRecords.js';
import { createRowMaker } from './tableRows.js';
import { openText } from './textFile.js';
import type { TextFile } from './textFile.js';
import { createTextCounts, reportText } from './textRemarks.js';
import { inOnePiece } from './textStream.js';

const sampleRows = 200;

/** Kinds that differ in their usual delimiter. */
type DelimitedKind = {
  [Name in ReaderName]: (typeof readers)[Name]['records'] extends { readonly delimiter: string }
    ? Name
    : never;
}[ReaderName];

export const csvReader = tableReader('csv');
export const tsvReader = tableReader('tsv');

function tableReader(kind: DelimitedKind): Reader {
  return {
    open: (file, report, signal, reading) => openTable(file, kind, report, signal, reading),
    async *rowsOf(text, name, report, dialect) {
      const found = dialect ?? detectDialect(text, true, readers[kind].records.delimiter);
      yield* rowsOf(inOnePiece(text), found, name, report);
    },
  };
}

export async function openTable(
  file: string,
  kind: DelimitedKind,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const { skipRows = 0 } = reading;
  const isEnough = (head: string): boolean =>
    head.length >= sampleLength + offsetOfLine(head, skipRows);
  const opened = await openText(file, reading.encoding, isEnough, signal);
  const { name, encoding, head, isWhole } = opened;
  if (head.trim() === '') {
    throw usageError(`${name} is empty: choose a table with a header and one note a row.`);
  }
  if (head.slice(offsetOfLine(head, skipRows)).trim() === '') {
    throw usageError(
      `${name} has no table below ${skipRows.toLocaleString('en')} lines: skip fewer.`,
    );
  }
  const dialect = detectDialect(head, isWhole, readers[kind].records.delimiter, reading);
  reportChoices(opened, dialect, reading, report);
  const sample: Row[] = [];
  let fields: readonly string[] = [];
  const onFields = (found: readonly string[]): void => void (fields = found);
  for await (const row of rowsOf(inOnePiece(head), dialect, name, () => undefined, onFields)) {
    sample.push(row);
    if (sample.length === sampleRows) break;
  }
  if (/\.txt$/i.test(name.replace(/\.gz$/i, '')) && fields.length < 2) {
    throw usageError(`${name} has no columns: choose a table, or the folder of notes it is in.`);
  }
  return {
    kind,
    fields,
    natural: {},
    encoding: encoding.name,
    dialect,
    sample,
    hasField: () => Promise.resolve(false),
    async *rows(stop) {
      const counts = createTextCounts();
      yield* rowsOf(opened.text(stop, counts), dialect, name, report);
      reportText(counts, name, report);
    },
  };
}

function reportChoices(
  { name, encoding, head }: TextFile,
  dialect: Dialect,
  reading: Reading,
  report: ReportProblem,
): void {
  reportGuess(encoding, name, report);
  const { header, skipRows } = dialect;
  if (!header && reading.header === undefined) {
    report(
      `${name}:${skipRows + 1}`,
      remark`The first row looks like a note, not like a header, so the columns are numbered: use ${{ setting: 'header', value: true }} if it is one.`,
      'kept',
    );
  }
  const above = head.slice(0, offsetOfLine(head, skipRows)).replace(/^"?sep=.*/i, '');
  if (reading.skipRows === undefined && /[^\s,;|]/.test(above)) {
    report(
      `${name}:1`,
      remark`${skipRows === 1 ? '1 line was' : `${skipRows} lines were`} left out above the ${header ? 'header' : 'table'} (${{ setting: 'skipRows', value: 0 }} to read them).`,
      'kept',
    );
  }
}

async function* rowsOf(
  text: AsyncIterable<string>,
  dialect: Dialect,
  name: string,
  report: ReportProblem,
  onFields?: (fields: readonly string[]) => void,
): AsyncGenerator<Row> {
  let fields: readonly string[] | null = dialect.header ? null : numberedFields(dialect.columns);
  if (fields !== null) onFields?.(fields);
  let toRows = fields === null ? null : createRowMaker(fields, null, name, report);
  for await (const record of recordsOf(text, dialect)) {
    if (toRows === null) {
      fields = fieldNames(dialect.rowNames ? ['', ...record.values] : record.values);
      onFields?.(fields);
      toRows = createRowMaker(fields, record.values, name, report);
      continue;
    }
    const row = toRows.next(record);
    if (row !== null) yield row;
  }
  const last = toRows?.end() ?? null;
  if (last !== null) yield last;
}

async function* recordsOf(
  text: AsyncIterable<string>,
  dialect: Dialect,
): AsyncGenerator<TableRecord> {
  const { skipRows } = dialect;
  const parser = createRecordParser(dialect, skipRows + 1);
  let above: string | null = skipRows === 0 ? null : '';
  for await (const piece of text) {
    if (above === null) {
      yield* parser.push(piece);
      continue;
    }
    above += piece;
    const at = offsetOfLine(above, skipRows);
    // A CR at the end may be the first half of CRLF.
    if (at >= above.length) continue;
    yield* parser.push(above.slice(at));
    above = null;
  }
  yield* parser.end();
}

export function numberedFields(columns: number): string[] {
  return Array.from({ length: columns }, (_, column) => `column ${column + 1}`);
}

/** Numbers unnamed columns, and those whose name is a text, and adds a suffix to repeated names. */
export function fieldNames(header: readonly string[]): string[] {
  const names: string[] = [];
  header.forEach((cell, column) => {
    const plain = cell.trim();
    const name = plain === '' || plain.length > longestName ? `column ${column + 1}` : plain;
    let unique = name;
    for (let n = 2; names.includes(unique); n++) unique = `${name} (${n})`;
    names.push(unique);
  });
  return names;
}
