/** Removes what a job left in its run folder when it was killed while writing. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { removeHalfWritten } from '../core/base/files.js';
import { processExists } from '../core/base/processes.js';
import { runFileNames } from '../protocol/run.js';
import { mendedSuffix } from './metricsFile.js';

/** Files that processes other than the owner write, to start a job, control it or take over the folder. */
const writtenByOthers: readonly string[] = [
  runFileNames.state,
  runFileNames.job,
  runFileNames.control,
  runFileNames.lock,
  runFileNames.claim,
];

/** Only the owner of the folder may call this. Best effort: never throws. */
export async function removeLeftovers(folder: string): Promise<void> {
  try {
    await rm(join(folder, `${runFileNames.metrics}${mendedSuffix}`), { force: true });
    await removeHalfWritten(
      folder,
      (name, pid) => writtenByOthers.includes(name) && pid !== process.pid && processExists(pid),
    );
  } catch {
    // the next job tries again
  }
}
