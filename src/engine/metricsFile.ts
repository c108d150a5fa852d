/** Writes the metrics of a run: JSON Lines, each handed to the operating system before the next step. */
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';

import { systemCode } from '../core/base/errors.js';
import type { MetricsLine } from '../protocol/run.js';
import { parseMetricsLine } from './metricsLines.js';

export interface MetricsFile {
  readonly append: (line: MetricsLine) => void;
  readonly close: () => void;
}

/** Suffix of the temporary file used to truncate the metrics; `leftovers.ts` removes stale ones. */
export const mendedSuffix = '.kept';

/** Opened by the first line, whose step shows where the run resumes. */
export function openMetrics(path: string): MetricsFile {
  let file: number | null = null;
  return {
    append(line) {
      if (file === null) {
        mend(path, line);
        file = openSync(path, 'a', 0o600);
      }
      // Unlike writeSync, this continues after a partial write, as happens on a nearly full disk.
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
    close() {
      if (file === null) return;
      const closing = file;
      file = null;
      try {
        fsyncSync(closing);
      } finally {
        closeSync(closing);
      }
    },
  };
}

/** Drops incomplete lines, and those of steps that a resumed run repeats. */
function mend(path: string, first: MetricsLine): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const kept = text.split('\n').filter((line) => stillHolds(line, first));
  const mended = kept.map((line) => `${line}\n`).join('');
  if (mended === text) return;
  // Atomic: the remaining lines are the only record of earlier steps.
  const temporary = `${path}${mendedSuffix}`;
  writeFileSync(temporary, mended, { mode: 0o600, flush: true });
  renameSync(temporary, path);
}

function stillHolds(text: string, first: MetricsLine): boolean {
  const line = parseMetricsLine(text);
  if (line === null) return false;
  if (line.step !== first.step) return line.step < first.step;
  // The held-out loss of a step follows its training loss, and that step is not repeated.
  return first.loss === null && line.loss !== null;
}
