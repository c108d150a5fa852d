/** The metrics of a run as its job writes them: JSON Lines, each with the system before the next step. */
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

/** Beside the metrics while they are mended; its name is known to whoever cleans up. */
export const mendedSuffix = '.kept';

/** Opened by the first line, which tells how far the run had come that goes on. */
export function openMetrics(path: string): MetricsFile {
  let file: number | null = null;
  return {
    append(line) {
      if (file === null) {
        mend(path, line);
        file = openSync(path, 'a', 0o600);
      }
      // Unlike writeSync it goes on after a part was written, as happens on a disk that is nearly full.
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

/** A resumed run takes its last steps again: their lines of the run before are dropped, cut ones too. */
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
  // Whole or not at all: the lines that are kept are the only record of the steps before.
  const temporary = `${path}${mendedSuffix}`;
  writeFileSync(temporary, mended, { mode: 0o600, flush: true });
  renameSync(temporary, path);
}

function stillHolds(text: string, first: MetricsLine): boolean {
  const line = parseMetricsLine(text);
  if (line === null) return false;
  if (line.step !== first.step) return line.step < first.step;
  // A held-out loss is told after the step that it follows: that step is not taken again.
  return first.loss === null && line.loss !== null;
}
