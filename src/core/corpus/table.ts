/** CSV and TSV: a header, then one note per row; quoted values may contain line breaks. */
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { failure, usageError } from '../base/errors.js';
import type { Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { readers } from '../../protocol/catalogue/readers.js';
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import { dialectOf } from './tableSyntax.js';
import { inOnePiece, readText } from './textStream.js';

const sampleRows = 200;
/** A longer row has a missing closing quote. */
const longestRow = 16 * 1024 * 1024;

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
    open: (file, report, signal) => openTable(file, kind, report, signal),
    rowsOf: (text, name, report) => rowsOf(inOnePiece(text), kind, name, report),
  };
}

export async function openTable(
  file: string,
  kind: DelimitedKind,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<RowSource> {
  const name = path.basename(file);
  const records = readRecords(readText(file, signal), kind, name);
  const header = await records.next();
  if (header.done === true) {
    throw usageError(`${name} is empty: choose a table with a header and one note a row.`);
  }
  const fields = fieldNames(header.value.values);
  const sample: Row[] = [];
  for await (const record of records) {
    const row = toRow(record, fields, name, report);
    if (row !== null) sample.push(row);
    if (sample.length === sampleRows) break;
  }
  return {
    kind,
    fields,
    natural: {},
    sample,
    hasField: () => Promise.resolve(false),
    rows: (stop) => rowsOf(readText(file, stop), kind, name, report),
  };
}

async function* rowsOf(
  text: AsyncGenerator<string>,
  kind: DelimitedKind,
  name: string,
  report: ReportProblem,
): AsyncGenerator<Row> {
  let fields: readonly string[] | null = null;
  for await (const record of readRecords(text, kind, name)) {
    const row = fields === null ? null : toRow(record, fields, name, report);
    fields ??= fieldNames(record.values);
    if (row !== null) yield row;
  }
}

/** Numbers unnamed columns and adds a suffix to repeated names. */
function fieldNames(header: readonly string[]): string[] {
  const names: string[] = [];
  header.forEach((cell, column) => {
    const name = cell.trim() === '' ? `column ${column + 1}` : cell.trim();
    let unique = name;
    for (let n = 2; names.includes(unique); n++) unique = `${name} (${n})`;
    names.push(unique);
  });
  return names;
}

function toRow(
  record: TableRecord,
  fields: readonly string[],
  name: string,
  report: ReportProblem,
): Row | null {
  const where = `${name}:${record.line}`;
  const { values } = record;
  if (values.slice(fields.length).some((value) => value.trim() !== '')) {
    report(
      where,
      `The row has ${values.length} values for ${fields.length} columns; it was skipped. Values that hold the delimiter need quotes.`,
      'skipped',
    );
    return null;
  }
  return {
    where,
    line: record.line,
    file: null,
    text: null,
    value(field) {
      const column = fields.indexOf(field);
      return column < 0 ? null : (values[column] ?? null);
    },
  };
}

interface TableRecord {
  /** 1-based line on which the record begins. */
  readonly line: number;
  readonly values: readonly string[];
}

async function* readRecords(
  text: AsyncGenerator<string>,
  kind: DelimitedKind,
  name: string,
): AsyncGenerator<TableRecord> {
  const first = await text.next();
  if (first.done === true) return;
  const { delimiter, preamble } = dialectOf(first.value, readers[kind].records.delimiter);
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const source = Readable.from(followedBy(first.value.slice(preamble), text));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  /** Correction to the parser's line count. */
  let correction = preamble === 0 ? 0 : 1;
  let last = correction;
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: string[]; info: { lines: number } };
      last = info.lines + correction;
      const { counted, pairs } = lineBreaks(record);
      yield { line: last - counted, values: record };
      // The parser counts a two-character line break within a value twice.
      correction -= pairs;
      last -= pairs;
    }
  } catch (error) {
    throw explained(error, name, last + 1);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Line breaks within values: as counted by the parser, and how many are two-character pairs. */
function lineBreaks(record: readonly string[]): { counted: number; pairs: number } {
  let counted = 0;
  let pairs = 0;
  for (const value of record) {
    for (const breaks of value.match(/[\r\n]+/g) ?? []) {
      counted += breaks.length;
      pairs += breaks.split('\r\n').length - 1;
    }
  }
  // This record ends with CR LF but the header with LF: the CR stayed in the last value.
  if (record.at(-1)?.endsWith('\r') === true) pairs++;
  return { counted, pairs };
}

async function* followedBy(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

function explained(error: unknown, name: string, line: number): unknown {
  const code = (error as { code?: string } | null)?.code ?? '';
  if (!code.startsWith('CSV_')) return error;
  // No `cause`: the parser's error quotes the record.
  return failure(
    `${name}:${line} begins a value whose closing quote is missing: repair the file and try again.`,
  );
}
