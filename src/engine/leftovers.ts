/** What a job that was killed in the middle of writing left in its run folder. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { removeHalfWritten } from '../core/base/files.js';
import { processExists } from '../core/base/processes.js';
import { runFileNames } from '../protocol/run.js';
import { mendedSuffix } from './metricsFile.js';

/** What others than the owner of the folder write: whoever starts a job, steers it, or wants to own it. */
const writtenByOthers: readonly string[] = [
  runFileNames.state,
  runFileNames.job,
  runFileNames.control,
  runFileNames.lock,
];

/** Only for the owner of the folder. Nothing depends on it, so it never fails. */
export async function removeLeftovers(folder: string): Promise<void> {
  try {
    await rm(join(folder, `${runFileNames.metrics}${mendedSuffix}`), { force: true });
    await removeHalfWritten(
      folder,
      (name, pid) => writtenByOthers.includes(name) && pid !== process.pid && processExists(pid),
    );
  } catch {
    // what cannot be deleted now is tried again by the next job
  }
}
