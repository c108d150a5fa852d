/** One writer per store; readers need no lock. */
import { join } from 'node:path';
import { failure, fromSystemError } from '../base/errors.js';
import { keepRenewing, releaseLock, renewLock, takeLock } from '../base/lock.js';
import { storeFileNames } from './manifest.js';

export interface StoreLock {
  /** Throws if another process has taken over the store while this one was suspended. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Takes the store's lock and renews it until released. */
export async function lockStore(folder: string, now: () => number): Promise<StoreLock> {
  const attempt = await takeLock(join(folder, storeFileNames.lock), now).catch((error: unknown) => {
    throw fromSystemError(error, `The index ${folder}`);
  });
  if (attempt.lock === null) {
    const { heldBy } = attempt;
    const who = heldBy === null ? 'another process' : `process ${heldBy.pid} on ${heldBy.host}`;
    throw failure(`The index ${folder} is being written by ${who}: wait until it is done.`);
  }
  const { lock } = attempt;
  const stopRenewing = keepRenewing(lock, now);
  return {
    async check() {
      const isHeld = await renewLock(lock, now()).catch((error: unknown) => {
        throw fromSystemError(error, `The index ${folder}`);
      });
      if (isHeld) return;
      throw failure(
        `Another process took over the index ${folder} while this one was suspended: what was written before is kept, so index the notes again.`,
      );
    },
    async release() {
      stopRenewing();
      await releaseLock(lock);
    },
  };
}
