/** A source of rows out of nested records in a text, such as JSON and XML. */
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import { usageError } from '../base/errors.js';
import type { ReportProblem, Row, RowSource } from './corpus.js';
import { hasPath } from './dottedPath.js';
import { reportGuess } from './fileEncoding.js';
import type { Layout } from './recordPlaces.js';
import type { NestedRecord } from './nested.js';
import { fieldsOf, innerRecords, rowOfRecord } from './recordRow.js';
import { sampleRecords, shareLines } from './splitRecord.js';
import type { SplitRecord } from './splitRecord.js';
import { openText } from './textFile.js';
import { createTextCounts, reportText } from './textRemarks.js';

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

/**
 * @param given encoding, if it is known
 * @param formatOf settles the format on the beginning of the text; `isWhole` if that is all of it
 */
export async function openRecords(
  file: string,
  given: string | undefined,
  formatOf: (head: string, isWhole: boolean) => RecordFormat,
  report: ReportProblem,
  signal?: AbortSignal,
): Promise<RowSource> {
  const opened = await openText(file, given, isEnough, signal);
  const { name, encoding } = opened;
  const format = formatOf(opened.head, opened.isWhole);
  const { kind, noun } = format;
  const { path, inner, others } = format.layout;
  const first: ReadRecord[] = [];
  const nothing: ReportProblem = () => undefined;
  for await (const found of readRecords(opened.text(signal), format, name, nothing)) {
    first.push(found);
    if (first.length === sampleRecords) break;
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
  const isByNumber = shareLines(first);
  if (first.length === 1) reportLines(first[0]?.record, name, report);
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
      for await (const { record } of readRecords(opened.text(stop), format, name, nothing)) {
        if (hasPath(record, field)) return true;
      }
      return false;
    },
    async *rows(stop) {
      const counts = createTextCounts();
      const text = opened.text(stop, counts);
      for await (const found of readRecords(text, format, name, report)) yield rowOf(found);
      reportText(counts, name, report);
    },
  };
}

/** So long a text in a list may be a note of its own. */
const perhapsNote = 20;

/** A list of texts is the lines of one; where a file has no other record, it may be meant otherwise. */
function reportLines(record: NestedRecord | undefined, name: string, report: ReportProblem): void {
  for (const [field, value] of Object.entries(record ?? {})) {
    const texts = Array.isArray(value)
      ? value.filter((item) => typeof item === 'string' && item.length >= perhapsNote)
      : [];
    if (texts.length < 2) continue;
    report(
      `${name}:1`,
      `The ${texts.length.toLocaleString('en')} texts in "${field}" are read as the lines of one: write each as an object of its own if they are notes.`,
      'kept',
    );
  }
}

const headLength = 2 ** 20;
const mostOfOneLine = 2 ** 23;

/** The records are looked for in the beginning of a text: in more of it, if it has no two lines. */
function isEnough(head: string): boolean {
  const hasLines = head.length >= headLength && head.split('\n', 3).length > 2;
  return hasLines || head.length >= mostOfOneLine;
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
