import { join } from 'node:path';

import { hasCheckpoint } from '../core/train/checkpoint.js';
import { runFileNames } from '../protocol/run.js';
import type { RunState } from '../protocol/run.js';

/** Whether the call of this run was wrong, so that nothing began and its folder is free for another. */
export async function wasRefused(folder: string, { status, error }: RunState): Promise<boolean> {
  if (status !== 'failed' || error?.kind !== 'usage') return false;
  return !(await hasCheckpoint(join(folder, runFileNames.checkpoints)));
}
