/** Parquet: a note a row, one row group in memory at a time. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type * as Hyparquet from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { failure, fromSystemError, throwIfAborted, usageError } from '../base/errors.js';
import { refuseGzip } from './bytes.js';
import type { Reader, ReportProblem, RowSource } from './corpus.js';
import { hasPath } from './dottedPath.js';
import type { NestedRecord } from './nested.js';
import { exactDecimals, nestedOf, parsers } from './parquetValues.js';
import type { Decimals } from './parquetValues.js';
import { fieldsOf, rowOfRecord } from './recordRow.js';

export const parquetReader: Reader = {
  open: openParquet,
  rowsOf: null,
  recognises: ({ bytes }) => ['PAR1', 'PARE'].includes(bytes.toString('latin1', 0, 4)),
};

const sampleRows = 200;

async function openParquet(
  file: string,
  _report: ReportProblem,
  signal?: AbortSignal,
): Promise<RowSource> {
  const name = path.basename(file);
  await refuseGzip(file);
  const first: NestedRecord[] = [];
  for await (const record of readRecords(file, signal, sampleRows)) {
    first.push(record);
    if (first.length === sampleRows) break;
  }
  if (first.length === 0)
    throw usageError(`${name} has no rows: choose a file with one note a row.`);
  return {
    kind: 'parquet',
    fields: fieldsOf(first),
    natural: {},
    sample: first.map((record, i) => rowOfRecord(record, `${name}:${i + 1}`, i + 1)),
    async hasField(field, stop) {
      for await (const record of readRecords(file, stop)) if (hasPath(record, field)) return true;
      return false;
    },
    async *rows(stop) {
      let row = 0;
      for await (const record of readRecords(file, stop)) {
        yield rowOfRecord(record, `${name}:${++row}`, row);
      }
    },
  };
}

/** @param most of each row group */
async function* readRecords(
  file: string,
  signal?: AbortSignal,
  most = Infinity,
): AsyncGenerator<NestedRecord> {
  const handle = await open(file).catch((error: unknown) => {
    throw fromSystemError(error, file);
  });
  try {
    const { size } = await handle.stat();
    const source: AsyncBuffer = {
      byteLength: size,
      async slice(start, end = size) {
        const bytes = new ArrayBuffer(Math.max(0, end - start));
        await handle.read(new Uint8Array(bytes), 0, bytes.byteLength, start);
        return bytes;
      },
    };
    const metadata = await understood(file, async () =>
      (await hyparquet()).parquetMetadataAsync(source),
    );
    const decimals = exactDecimals(metadata);
    let start = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      throwIfAborted(signal);
      const rows = Math.min(Number(count), most);
      yield* await understood(file, () => readGroup(source, metadata, decimals, start, rows));
      start += Number(count);
    }
  } finally {
    await handle.close();
  }
}

/** Loaded only for a file that needs it, since other commands start faster without. */
function hyparquet(): Promise<typeof Hyparquet> {
  return import('hyparquet');
}

async function readGroup(
  source: AsyncBuffer,
  metadata: FileMetaData,
  decimals: Decimals,
  rowStart: number,
  count: number,
): Promise<NestedRecord[]> {
  const { compressors } = await import('hyparquet-compressors');
  const { parquetReadObjects } = await hyparquet();
  const rows = await parquetReadObjects({
    ...{ file: source, metadata, compressors, parsers, rowStart, rowEnd: rowStart + count },
  });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => [field, nestedOf(value, decimals.get(field))]),
    ),
  );
}

/** What the reader of Parquet says is about the file's structure if it begins so; never note text. */
async function understood<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw fromSystemError(error, file);
    const said = error instanceof Error && /^parquet /i.test(error.message) ? error.message : null;
    throw failure(
      `${path.basename(file)} is a damaged Parquet file, or one of a kind that cannot be read${said === null ? '' : ` (${said})`}: export it again.`,
      { cause: error },
    );
  }
}
