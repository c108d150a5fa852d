/** A source of rows out of nested records in a text, such as JSON and XML. */
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import { usageError } from '../base/errors.js';
import type { ReportProblem, Row, RowSource } from './corpus.js';
import { hasPath } from './dottedPath.js';
import { reportGuess } from './fileEncoding.js';
import type { FileEncoding } from './fileEncoding.js';
import type { Layout } from './recordPlaces.js';
import type { NestedRecord } from './nested.js';
import { fieldsOf, innerRecords, rowOfRecord } from './recordRow.js';
import type { SplitRecord } from './splitRecord.js';
import { createTextCounts, reportText } from './textRemarks.js';
import { readText } from './textStream.js';

export interface RecordFormat {
  readonly kind: ReaderName;
  readonly layout: Layout;
  /** What a record of this format is called in a sentence. */
  readonly noun: string;
  /** @param report what is wrong with the text as a whole */
  readonly split: (
    text: AsyncIterable<string>,
    name: string,
    report: ReportProblem,
  ) => AsyncIterable<SplitRecord>;
}

const sampleRows = 200;

export async function openRecords(
  file: string,
  name: string,
  encoding: FileEncoding,
  format: RecordFormat,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<RowSource> {
  const { kind, noun } = format;
  const { path, inner, others } = format.layout;
  const first: ReadRecord[] = [];
  const nothing: ReportProblem = () => undefined;
  for await (const found of readRecords(readText(file, signal, encoding), format, name, nothing)) {
    first.push(found);
    if (first.length === sampleRows) break;
  }
  if (first.length === 0) {
    throw usageError(
      `${name} has no record that is ${noun}: choose a file with one for each note.`,
    );
  }
  reportGuess(encoding, name, report);
  if (inner.length > 0) {
    report(
      `${name}:1`,
      `Every item of "${inner.join('.')}" is taken as a note of its own.`,
      'kept',
    );
  }
  if (others.length > 0) {
    report(
      `${name}:1`,
      `Only the list "${path.join('.')}" is read, not ${others.map((other) => `"${other}"`).join(', ')}: save those as files of their own to read them.`,
      'kept',
    );
  }
  // Where several records stand on one line, their numbers tell them apart.
  const isByNumber = first.some(({ line }, i) => line === first[i - 1]?.line);
  const rowOf = ({ record, line, number }: ReadRecord): Row => {
    const place = isByNumber ? number : line;
    return rowOfRecord(record, `${name}:${place}`, place);
  };
  return {
    kind,
    encoding: encoding.name,
    fields: fieldsOf(first.map(({ record }) => record)),
    natural: {},
    sample: first.map(rowOf),
    async hasField(field, stop) {
      const text = readText(file, stop, encoding);
      for await (const { record } of readRecords(text, format, name, nothing)) {
        if (hasPath(record, field)) return true;
      }
      return false;
    },
    async *rows(stop) {
      const counts = createTextCounts();
      const text = readText(file, stop, encoding, counts);
      for await (const found of readRecords(text, format, name, report)) yield rowOf(found);
      reportText(counts, name, report);
    },
  };
}

const headLength = 2 ** 20;
const mostOfOneLine = 2 ** 23;

/** The beginning of a text, where the records are looked for: more, if it has no two lines. */
export async function headOf(
  pieces: AsyncIterable<string>,
): Promise<{ head: string; isWhole: boolean }> {
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
  { layout, noun, split }: RecordFormat,
  name: string,
  report: ReportProblem,
): AsyncGenerator<ReadRecord> {
  let number = 0;
  for await (const { value, line, lastLine, isCutOff } of split(text, name, report)) {
    if (value === null) {
      report(`${name}:${line}`, brokenRecord(noun, line, lastLine, isCutOff), 'skipped');
      continue;
    }
    for (const record of innerRecords(value, layout.inner))
      yield { record, line, number: ++number };
  }
}

function brokenRecord(noun: string, line: number, lastLine: number, isCutOff: boolean): string {
  if (isCutOff) return 'The file ends within a record, which was skipped.';
  const range = lastLine > line ? `lines ${line} to ${lastLine} were` : 'it was';
  return `The record is not ${noun} that can be read: ${range} skipped.`;
}
