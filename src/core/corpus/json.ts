/**
 * JSON by content, whatever the file is called: an object a line, a list of them, objects one after
 * another, or records within an object. Reads record by record.
 */
import path from 'node:path';
import type { Reading } from '../../protocol/catalogue/reading.js';
import { usageError } from '../base/errors.js';
import { withoutBulkActions } from './bulkActions.js';
import type { Reader, ReportProblem, RowSource } from './corpus.js';
import { findLayout, looksLikeJson, recordIn } from './jsonLayout.js';
import type { JsonLayout } from './jsonLayout.js';
import { parseJson } from './jsonParse.js';
import { createJsonSplitter } from './jsonSplit.js';
import { isRecord } from './nested.js';
import { rowOfRecord } from './recordRow.js';
import { openRecords } from './recordSource.js';
import type { RecordFormat } from './recordSource.js';
import { splitRecords } from './splitRecord.js';
import type { SplitRecord } from './splitRecord.js';
import { linesOf } from './textStream.js';

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

function openJson(
  file: string,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const formatOf = (head: string, isWhole: boolean): RecordFormat =>
    jsonFormat(settled(findLayout(head, isWhole), reading), path.basename(file));
  return openRecords(file, reading.encoding, formatOf, report, signal);
}

function jsonFormat(layout: JsonLayout, name: string): RecordFormat {
  const { isLines, path: names } = layout;
  if (layout.isByColumn) {
    throw usageError(
      `${name} has its values column by column: write it record by record, in pandas with orient="records".`,
    );
  }
  return {
    kind: isLines ? 'jsonl' : 'json',
    layout,
    noun: 'a JSON object',
    split: (text) =>
      withoutBulkActions(
        isLines ? lineRecords(text) : splitRecords(text, createJsonSplitter(names)),
      ),
  };
}

/** A format that the user names says whether lines are records. */
function settled(found: JsonLayout, { format }: Reading): JsonLayout {
  if (format === 'jsonl' && !found.isLines)
    return { ...found, isLines: true, path: [], inner: [], others: [] };
  return format === 'json' ? { ...found, isLines: false } : found;
}

async function* lineRecords(text: AsyncIterable<string>): AsyncGenerator<SplitRecord> {
  for await (const { text: written, number } of linesOf(text)) {
    if (written.trim() === '') continue;
    yield { value: recordIn(written), line: number, lastLine: number, isCutOff: false };
  }
}
