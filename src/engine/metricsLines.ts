/** Reads the metrics of a run while its job writes them. Loads nothing native: the extension uses it. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { fromSystemError, systemCode } from '../core/base/errors.js';
import { runFileNames } from '../protocol/run.js';
import type { MetricsLine } from '../protocol/run.js';
import { metricsSchema } from './runSchemas.js';

export interface MetricsChunk {
  readonly lines: readonly MetricsLine[];
  /** Where to continue reading. */
  readonly offset: number;
  /** The file is shorter than before (a resumed run drops lost steps): discard earlier lines. */
  readonly reset: boolean;
  /** Number of complete lines that were skipped because they could not be parsed. */
  readonly unfit: number;
}

/** Complete lines appended since `offset` (in bytes, initially 0). */
export async function readMetricsFrom(folder: string, offset: number): Promise<MetricsChunk> {
  let file;
  try {
    file = await open(join(folder, runFileNames.metrics), 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT')
      return { lines: [], offset: 0, reset: offset > 0, unfit: 0 };
    throw fromSystemError(error, `The run folder ${folder}`);
  }
  try {
    const { size } = await file.stat();
    const reset = size < offset;
    const from = reset ? 0 : offset;
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    const complete = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    const text = bytes.toString('utf8', 0, complete);
    const written = text.split('\n').filter((line) => line !== '');
    const lines = written.map(parseMetricsLine).filter((line) => line !== null);
    return { lines, offset: from + complete, reset, unfit: written.length - lines.length };
  } finally {
    await file.close();
  }
}

/** A sentence about skipped lines. */
export function unfitSentence(unfit: number): string {
  return unfit === 1
    ? `A line of ${runFileNames.metrics} cannot be read and is left out.`
    : `${unfit} lines of ${runFileNames.metrics} cannot be read and are left out.`;
}

/** `null` if the line cannot be parsed. */
export function parseMetricsLine(text: string): MetricsLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return metricsSchema().safeParse(line).success ? (line as MetricsLine) : null;
  } catch {
    return null;
  }
}
