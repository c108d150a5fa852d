/** One owner per run folder. */
import { join } from 'node:path';

import { fromSystemError, usageError } from '../core/base/errors.js';
import { takeLock } from '../core/base/lock.js';
import type { Lock } from '../core/base/lock.js';
import { runFileNames } from '../protocol/run.js';

/** Takes the folder's lock, also from a dead owner; throws while another process holds it. */
export async function acquireLock(
  folder: string,
  now: () => number,
): Promise<{ readonly lock: Lock; readonly ownerBefore: 'left' | 'died' }> {
  const attempt = await takeLock(join(folder, runFileNames.lock), now).catch((error: unknown) => {
    throw fromSystemError(error, `The run folder ${folder}`);
  });
  if (attempt.lock !== null) return attempt;
  const { heldBy } = attempt;
  const who = heldBy === null ? 'another process' : `process ${heldBy.pid} on ${heldBy.host}`;
  throw usageError(`The run folder ${folder} is in use by ${who}: wait for it, or cancel it.`);
}
