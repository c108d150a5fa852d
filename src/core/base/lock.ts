/**
 * A lock with one owner at a time, across processes and machines that share a disk. The lock is a
 * folder with one file, named by its owner's token. The owner keeps refreshing the file's
 * modification time:
 *
 *     lock/TOKEN       {pid, host, pidNamespace}
 *
 * A process takes the lock by renaming a folder that already contains its file. A rename never
 * replaces a non-empty folder, so only one process wins. A dead lock is removed by its token, which
 * is unique: a process that judged it dead but was slow to act cannot remove its successor.
 */
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, rmdir, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAbsent, systemCode } from './errors.js';
import { createFolderBeside, exists } from './files.js';
import { isOnThisMachine, processExists, thisProcess } from './processes.js';
import type { ProcessIdentity } from './processes.js';

/** How often an owner renews its lock. */
export const lockBeatMs = 1000;
/** A lock not renewed for this long is dead, even if its process id exists. */
export const lockStaleMs = 10_000;
/**
 * Clocks differ between machines, so a lock that looks expired is watched for this long before
 * removal.
 */
const watchMs = 2.5 * lockBeatMs;
/** Attempts to take a lock that cannot be taken although no live owner is seen. */
const mostAttempts = 8;

/** Plain data, so that another thread can renew it. */
export interface Lock {
  /** Path of the file with the owner's token. */
  readonly file: string;
}

export type LockAttempt =
  | {
      readonly lock: Lock;
      /** How the previous owner ended: it released the lock, or died holding it. */
      readonly ownerBefore: 'left' | 'died';
    }
  /** The lock is held; `heldBy` is `null` if the file does not identify the owner. */
  | { readonly lock: null; readonly heldBy: ProcessIdentity | null };

/**
 * Tokens of the locks this process holds. A file with our pid but another token is from an earlier
 * process with the same pid.
 */
const ownTokens = new Set<string>();

/** Takes the lock if it is free or its owner is dead; fails while it is held. */
export async function takeLock(path: string, now: () => number): Promise<LockAttempt> {
  const token = randomUUID();
  const prepared = await createFolderBeside(path);
  try {
    const file = join(prepared, token);
    await writeFile(file, `${JSON.stringify(thisProcess())}\n`, { flag: 'wx', mode: 0o600 });
    const attempt = await moveTo(path, file, now);
    if (attempt.lock === null) await rm(prepared, { recursive: true, force: true });
    else ownTokens.add(token);
    return attempt;
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    throw error;
  }
}

/** Refreshes the lock's time; needs no disk space. Returns false if another owner has taken it. */
export async function renewLock({ file }: Lock, now: number): Promise<boolean> {
  try {
    await setTime(file, now);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Releases the lock, unless another owner has taken it. */
export async function releaseLock({ file }: Lock): Promise<void> {
  await rm(file, { force: true });
  await removeIfEmpty(dirname(file));
  ownTokens.delete(basename(file));
}

/** Renews the lock in the background until the returned function is called. */
export function keepRenewing(lock: Lock, now: () => number): () => void {
  // Errors can be ignored here: a writer renews the lock before it writes, and sees the error then.
  const beat = setInterval(() => void renewLock(lock, now()).catch(() => undefined), lockBeatMs);
  beat.unref();
  return () => clearInterval(beat);
}

/** Renames the folder of `file` to the lock's path once nobody holds it. */
async function moveTo(path: string, file: string, now: () => number): Promise<LockAttempt> {
  const lock = { file: join(path, basename(file)) };
  let ownerBefore: 'left' | 'died' = 'left';
  for (let attempt = 1; ; attempt++) {
    // Watching another lock may have taken a while, so refresh our time.
    await setTime(file, now());
    try {
      await rename(dirname(file), path);
      return { lock, ownerBefore };
    } catch (error) {
      // A network disk may report failure for a rename that succeeded.
      if (await exists(lock.file)) return { lock, ownerBefore };
      const present = await removeDead(path, now);
      if (present.is === 'held') return { lock: null, heldBy: present.by };
      if (present.is === 'dead') ownerBefore = 'died';
      if (!mayBeInTheWay(error)) throw error;
      if (attempt === mostAttempts) {
        // Other processes keep taking and releasing it in between.
        if (isNotEmpty(error)) return { lock: null, heldBy: null };
        throw error;
      }
      if (present.is === 'free') await sleep(5 * 2 ** attempt);
    }
  }
}

type Present =
  | { readonly is: 'free' }
  /** It has been removed. */
  | { readonly is: 'dead' }
  | { readonly is: 'held'; readonly by: ProcessIdentity | null };

async function removeDead(path: string, now: () => number): Promise<Present> {
  let files: string[];
  try {
    files = (await readdir(path)).map((name) => join(path, name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { is: 'free' };
    if (systemCode(error) !== 'ENOTDIR') throw error;
    files = [path]; // // from a version that used a file as the lock
  }
  let is: 'free' | 'dead' = 'free';
  for (const file of files) {
    const found = await read(file);
    if (found === null) continue; // // released meanwhile
    if (await isAlive(file, found, now)) return { is: 'held', by: found.owner };
    await removeFile(file);
    is = 'dead';
  }
  await removeIfEmpty(path);
  return { is };
}

interface Found {
  readonly owner: ProcessIdentity | null;
  /** When the owner last renewed it, in milliseconds. */
  readonly time: number;
}

async function isAlive(file: string, { owner, time }: Found, now: () => number): Promise<boolean> {
  if (owner !== null && isOnThisMachine(owner)) {
    if (owner.pid === process.pid) return ownTokens.has(basename(file));
    if (!processExists(owner.pid)) return false;
  }
  if (Math.abs(now() - time) <= lockStaleMs) return true;
  await sleep(watchMs);
  const later = await read(file);
  return later !== null && later.time !== time;
}

/**
 * Returns `null` if the file is gone. Opening it makes a network disk refresh the modification
 * time.
 */
async function read(file: string): Promise<Found | null> {
  let handle;
  try {
    handle = await open(file, 'r');
    return { owner: ownerIn(await handle.readFile('utf8')), time: (await handle.stat()).mtimeMs };
  } catch (error) {
    if (isAbsent(error) || isDirectory(error)) return null;
    throw error;
  } finally {
    await handle?.close();
  }
}

function ownerIn(text: string): ProcessIdentity | null {
  try {
    const owner = JSON.parse(text) as Partial<ProcessIdentity> | null;
    const { pid, host, pidNamespace = null } = owner ?? {};
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return null;
    return typeof host === 'string' ? { pid, host, pidNamespace } : null;
  } catch {
    return null;
  }
}

async function removeFile(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (error) {
    // Another process has replaced an old-style lock file with a lock folder.
    if (!isDirectory(error)) throw error;
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  // An empty folder is a free lock; a non-empty one belongs to another owner.
  await rmdir(folder).catch(() => undefined);
}

function setTime(file: string, time: number): Promise<void> {
  return utimes(file, time / 1000, time / 1000);
}

/**
 * Whether the target is in the way: POSIX reports a non-empty folder or not a directory; Windows,
 * no permission.
 */
function mayBeInTheWay(error: unknown): boolean {
  const code = systemCode(error) ?? '';
  return isNotEmpty(error) || ['ENOTDIR', 'EPERM', 'EACCES', 'EBUSY'].includes(code);
}

function isNotEmpty(error: unknown): boolean {
  return systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST';
}

function isDirectory(error: unknown): boolean {
  return systemCode(error) === 'EISDIR' || systemCode(error) === 'ERR_FS_EISDIR';
}
