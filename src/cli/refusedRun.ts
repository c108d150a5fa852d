import { join } from 'node:path';

import { hasCheckpoint } from '../core/train/checkpoint.js';
import { runFileNames } from '../protocol/run.js';
import type { RunState } from '../protocol/run.js';

/** Whether the run failed on a usage error before its first checkpoint, so that its folder can be reused. */
export async function wasRefused(folder: string, { status, error }: RunState): Promise<boolean> {
  if (status !== 'failed' || error?.kind !== 'usage') return false;
  return !(await hasCheckpoint(join(folder, runFileNames.checkpoints)));
}
