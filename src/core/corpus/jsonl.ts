/** JSON Lines: one object per line; a broken line is reported by number and skipped. */
import path from 'node:path';
import { usageError } from '../base/errors.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import type { Reader, ReportProblem, Row, RowSource } from './corpus.js';
import { findEncoding } from './fileEncoding.js';
import { inOnePiece, linesOf, readText } from './textStream.js';

const sampleRows = 200;

export const jsonlReader: Reader = {
  open: openJsonl,
  async *rowsOf(text, name, report) {
    for await (const { row } of readObjects(inOnePiece(text), name, report)) yield row;
  },
};

async function openJsonl(
  file: string,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const name = path.basename(file);
  const encoding = await findEncoding(file, reading.encoding, signal);
  const sample: Row[] = [];
  const fields = new Set<string>();
  for await (const { row, object } of readObjects(readText(file, signal, encoding), name, report)) {
    sample.push(row);
    for (const field of Object.keys(object)) fields.add(field);
    if (sample.length === sampleRows) break;
  }
  if (sample.length === 0) {
    throw usageError(
      `${name} has no line that is a JSON object: choose a file of one note a line.`,
    );
  }
  return {
    kind: 'jsonl',
    encoding: encoding.name,
    fields: [...fields],
    natural: {},
    sample,
    async hasField(field, stop) {
      for await (const { object } of readObjects(
        readText(file, stop, encoding),
        name,
        () => undefined,
      )) {
        if (Object.hasOwn(object, field)) return true;
      }
      return false;
    },
    async *rows(stop) {
      for await (const { row } of readObjects(readText(file, stop, encoding), name, report))
        yield row;
    },
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

async function* readObjects(
  text: AsyncIterable<string>,
  name: string,
  report: ReportProblem,
): AsyncGenerator<{ row: Row; object: JsonObject }> {
  for await (const line of linesOf(text)) {
    if (line.text.trim() === '') continue;
    const where = `${name}:${line.number}`;
    const object = parseObject(line.text);
    if (object === null) {
      report(where, 'The line is not a JSON object; it was skipped.', 'skipped');
      continue;
    }
    const value = (field: string): string | null =>
      Object.hasOwn(object, field) ? asText(object[field]) : null;
    yield { row: { where, line: line.number, file: null, text: null, value }, object };
  }
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    return null;
  }
}

/** Joins a list into one value ("a; b"); an object has no text. */
function asText(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default: {
      if (!Array.isArray(value)) return null;
      const items = value.map(asText).filter((item) => item !== null);
      return items.length === 0 ? null : items.join('; ');
    }
  }
}
