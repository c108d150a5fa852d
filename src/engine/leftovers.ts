/** What a job that was killed in the middle of writing left in its run folder. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { removeHalfWritten } from '../core/base/files.js';
import { runFileNames } from '../protocol/run.js';
import { mendedSuffix } from './metricsFile.js';
import { removeHalfReplaced } from './replaceFile.js';
import { processExists } from './runFolder.js';

/**
 * Only for the owner of the folder, which alone writes there but for `control.json` and what starts a
 * job: those are left where their writer may be at work. Nothing depends on it, so it never fails.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const { state, job, control, metrics } = runFileNames;
  const isWriting = (pid: number): boolean => pid !== process.pid && processExists(pid);
  try {
    await rm(join(folder, `${metrics}${mendedSuffix}`), { force: true });
    await removeHalfReplaced(folder, [state, job, control], isWriting);
    await removeHalfWritten(folder);
  } catch {
    // what cannot be deleted now is tried again by the next job
  }
}
