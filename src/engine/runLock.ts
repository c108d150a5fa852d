/** One owner a run folder: a lock file with the owner's process and machine. */
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { fromSystemError, usageError } from '../core/base/errors.js';
import { runFileNames, staleAfterMs } from '../protocol/run.js';
import { errorCode } from './replaceFile.js';
import { processExists } from './runFolder.js';

interface LockOwner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the folder's lock, a dead owner's too; refuses while another process works there.
 *
 * @returns what became of the owner before: it `left` the folder free, or it `died`
 */
export async function acquireLock(folder: string, now: number): Promise<'left' | 'died'> {
  const path = join(folder, runFileNames.lock);
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(lockText());
      } finally {
        await file.close();
      }
      return attempt === 0 ? 'left' : 'died';
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw fromSystemError(error, `The run folder ${folder}`);
    }
    const owner = await readOwner(path);
    if (attempt === 3 || (owner !== null && (await works(path, owner, now)))) {
      const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`;
      throw usageError(`The run folder ${folder} is in use by ${who}: wait for it, or cancel it.`);
    }
    await rm(path, { force: true });
  }
}

/** Shows that the owner lives; asks for no room on the disk. */
export async function renewLock(folder: string, now: number): Promise<void> {
  await utimes(join(folder, runFileNames.lock), now / 1000, now / 1000);
}

/** Whether this process still holds the lock; it may have been asleep for so long that another took it. */
export async function holdsLock(folder: string): Promise<boolean> {
  const owner = await readOwner(join(folder, runFileNames.lock));
  return owner !== null && owner.pid === process.pid && owner.host === hostname();
}

export async function releaseLock(folder: string): Promise<void> {
  if (await holdsLock(folder)) await rm(join(folder, runFileNames.lock), { force: true });
}

function lockText(): string {
  return `${JSON.stringify({ pid: process.pid, host: hostname() } satisfies LockOwner)}\n`;
}

async function readOwner(path: string): Promise<LockOwner | null> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as LockOwner;
    return typeof owner.pid === 'number' ? owner : null;
  } catch {
    return null; // gone, or its owner died while writing it
  }
}

/**
 * Its heart must beat: process ids are given out again, in containers almost at once, and those of
 * another machine cannot be asked for. On this machine its process must exist, too.
 */
async function works(path: string, owner: LockOwner, now: number): Promise<boolean> {
  const beat = await stat(path).catch(() => null);
  if (beat === null || now - beat.mtimeMs > staleAfterMs) return false;
  if (owner.host !== hostname()) return true;
  return owner.pid !== process.pid && processExists(owner.pid);
}
