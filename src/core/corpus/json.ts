/**
 * JSON by content, whatever the file is called: an object a line, a list of them, objects one after
 * another, or records within an object. Reads record by record.
 */
import path from 'node:path';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { usageError } from '../base/errors.js';
import { withoutBulkActions } from './bulkActions.js';
import type { Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { hasPath } from './dottedPath.js';
import { findEncoding, reportGuess } from './fileEncoding.js';
import { findLayout, looksLikeJson, recordIn } from './jsonLayout.js';
import type { JsonLayout } from './jsonLayout.js';
import { parseJson } from './jsonParse.js';
import { createJsonSplitter } from './jsonSplit.js';
import type { SplitRecord } from './jsonSplit.js';
import { isRecord } from './nested.js';
import type { NestedRecord } from './nested.js';
import { fieldsOf, innerRecords, rowOfRecord } from './recordRow.js';
import { createTextCounts, reportText } from './textRemarks.js';
import { linesOf, readText } from './textStream.js';

export const jsonlReader = readerOf(true);
export const jsonReader = readerOf(false);

function readerOf(isLines: boolean): Reader {
  return {
    open: openJson,
    recognises: ({ text, isWhole }) =>
      looksLikeJson(text) && findLayout(text, isWhole).isLines === isLines,
    async *rowsOf(text, name) {
      const record = parseJson(text, Math.max(0, text.indexOf('{')))?.value;
      if (record === undefined || !isRecord(record)) return;
      yield await Promise.resolve(rowOfRecord(record, `${name}:1`, 1));
    },
  };
}

const sampleRows = 200;
/** So much is read to find the records: more, if it has no two lines. */
const headLength = 2 ** 20;
const mostOfOneLine = 2 ** 23;

async function openJson(
  file: string,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const name = path.basename(file);
  const encoding = await findEncoding(file, reading.encoding, signal);
  const { head, isWhole } = await headOf(readText(file, signal, encoding));
  const layout = settled(findLayout(head, isWhole), reading);
  const first: ReadRecord[] = [];
  const nothing: ReportProblem = () => undefined;
  for await (const found of readRecords(readText(file, signal, encoding), layout, name, nothing)) {
    first.push(found);
    if (first.length === sampleRows) break;
  }
  if (first.length === 0) {
    throw usageError(
      `${name} has no record that is a JSON object: choose a file with one object for each note.`,
    );
  }
  reportGuess(encoding, name, report);
  if (layout.inner.length > 0) {
    const inner = layout.inner.join('.');
    report(`${name}:1`, `Every item of "${inner}" is taken as a note of its own.`, 'kept');
  }
  // Where several records stand on one line, their numbers tell them apart.
  const isByNumber = first.some(({ line }, i) => line === first[i - 1]?.line);
  const rowOf = ({ record, line, number }: ReadRecord): Row => {
    const place = isByNumber ? number : line;
    return rowOfRecord(record, `${name}:${place}`, place);
  };
  return {
    kind: layout.isLines ? 'jsonl' : 'json',
    encoding: encoding.name,
    fields: fieldsOf(first.map(({ record }) => record)),
    natural: {},
    sample: first.map(rowOf),
    async hasField(field, stop) {
      const text = readText(file, stop, encoding);
      for await (const { record } of readRecords(text, layout, name, nothing)) {
        if (hasPath(record, field)) return true;
      }
      return false;
    },
    async *rows(stop) {
      const counts = createTextCounts();
      const text = readText(file, stop, encoding, counts);
      for await (const found of readRecords(text, layout, name, report)) yield rowOf(found);
      reportText(counts, name, report);
    },
  };
}

/** A format that the user names says whether lines are records. */
function settled(found: JsonLayout, { format }: Reading): JsonLayout {
  if (format === 'jsonl' && !found.isLines) return { isLines: true, path: [], inner: [] };
  return format === 'json' ? { ...found, isLines: false } : found;
}

async function headOf(pieces: AsyncGenerator<string>): Promise<{ head: string; isWhole: boolean }> {
  let head = '';
  for await (const piece of pieces) {
    head += piece;
    const isEnough = head.length >= headLength && head.split('\n', 3).length > 2;
    if (isEnough || head.length >= mostOfOneLine) return { head, isWhole: false };
  }
  return { head, isWhole: true };
}

interface ReadRecord {
  readonly record: NestedRecord;
  readonly line: number;
  /** Of the note in the file, from 1. */
  readonly number: number;
}

async function* readRecords(
  text: AsyncIterable<string>,
  layout: JsonLayout,
  name: string,
  report: ReportProblem,
): AsyncGenerator<ReadRecord> {
  let number = 0;
  const { inner } = layout;
  const found = layout.isLines ? lineRecords(text) : splitRecords(text, layout.path);
  for await (const { value, line, lastLine, isCutOff } of withoutBulkActions(found)) {
    if (value === null) {
      const what = layout.isLines
        ? 'The line is not a JSON object; it was skipped.'
        : brokenRecord(line, lastLine, isCutOff);
      report(`${name}:${line}`, what, 'skipped');
      continue;
    }
    for (const record of innerRecords(value, inner)) yield { record, line, number: ++number };
  }
}

function brokenRecord(line: number, lastLine: number, isCutOff: boolean): string {
  if (isCutOff) return 'The file ends within a record, which was skipped.';
  const range = lastLine > line ? `lines ${line} to ${lastLine} were` : 'it was';
  return `The record is not a JSON object that can be read: ${range} skipped.`;
}

async function* lineRecords(text: AsyncIterable<string>): AsyncGenerator<SplitRecord> {
  for await (const { text: written, number } of linesOf(text)) {
    if (written.trim() === '') continue;
    const value = recordIn(written);
    yield { value, line: number, lastLine: number, isCutOff: false };
  }
}

async function* splitRecords(
  text: AsyncIterable<string>,
  names: readonly string[],
): AsyncGenerator<SplitRecord> {
  const splitter = createJsonSplitter(names);
  for await (const piece of text) yield* splitter.push(piece);
  yield* splitter.end();
}
