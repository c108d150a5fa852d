/** CSV and TSV: a header, then one note a row; quoted values may hold line breaks. */
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { failure, usageError } from '../base/errors.js';
import type { CorpusKind, Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { readText } from './textStream.js';

const sampleRows = 200;
/** A row beyond this has lost a closing quote. */
const longestRow = 16 * 1024 * 1024;

export const csvReader: Reader = {
  accepts: (name, isFolder) => !isFolder && name.endsWith('.csv'),
  open: (file, report, signal) => openTable(file, 'csv', report, signal),
};

export const tsvReader: Reader = {
  accepts: (name, isFolder) => !isFolder && /\.(tsv|tab)$/.test(name),
  open: (file, report, signal) => openTable(file, 'tsv', report, signal),
};

export async function openTable(
  file: string,
  kind: CorpusKind,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<RowSource> {
  const name = path.basename(file);
  const records = readRecords(file, signal);
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
    async *rows(stop) {
      let isHeader = true;
      for await (const record of readRecords(file, stop)) {
        const row = isHeader ? null : toRow(record, fields, name, report);
        isHeader = false;
        if (row !== null) yield row;
      }
    },
  };
}

/** Unnamed columns get their number, repeated names a suffix. */
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

async function* readRecords(file: string, signal?: AbortSignal): AsyncGenerator<TableRecord> {
  const text = readText(file, signal);
  const first = await text.next();
  if (first.done === true) return;
  const preamble = /^sep=(.)\r?\n/i.exec(first.value);
  const head = preamble === null ? first.value : first.value.slice(preamble[0].length);
  const delimiter = preamble?.[1] ?? detectDelimiter(head, file);
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const source = Readable.from(followedBy(head, text));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  const before = preamble === null ? 0 : 1;
  let last = before;
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: string[]; info: { lines: number } };
      last = before + info.lines;
      yield { line: last - lineBreaks(record), values: record };
    }
  } catch (error) {
    throw explained(error, file, last + 1);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function lineBreaks(record: readonly string[]): number {
  let count = 0;
  for (const value of record) {
    for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) count++;
  }
  return count;
}

async function* followedBy(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

function explained(error: unknown, file: string, line: number): unknown {
  const code = (error as { code?: string } | null)?.code ?? '';
  if (!code.startsWith('CSV_')) return error;
  // Not kept as the cause: the parser's error quotes the record.
  return failure(
    `${path.basename(file)}:${line} begins a value whose closing quote is missing: repair the file and try again.`,
  );
}

/** The delimiter that the header has most of, outside quotes. */
function detectDelimiter(head: string, file: string): string {
  const preferred = /\.(tsv|tab)(\.gz)?$/i.test(file) ? '\t' : ',';
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
