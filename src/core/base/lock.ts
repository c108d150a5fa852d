/**
 * One owner at a time, among processes and machines that share a disk. A lock is a folder that holds
 * one file, named by a token of its owner, who keeps renewing the file's time:
 *
 *     lock/TOKEN       {pid, host, pidNamespace}
 *
 * It is taken by renaming a folder that already holds the file: a rename never replaces a folder that
 * is not empty, so only one process wins. A dead lock is removed by its token, which no other lock
 * has: a process that judged it, and then was slow, cannot remove the lock that came after it.
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
/** A lock that was not renewed for this long is dead, whatever its process id says. */
export const lockStaleMs = 10_000;
/** Clocks of machines differ, so a lock that looks dead by its time is watched before it is removed. */
const watchMs = 2.5 * lockBeatMs;
/** How often taking is tried where nobody who lives is seen to hold the lock, and yet it cannot be taken. */
const mostAttempts = 8;

/** Plain data, so that another thread can renew it. */
export interface Lock {
  /** Path of the file with the owner's token. */
  readonly file: string;
}

export type LockAttempt =
  | {
      readonly lock: Lock;
      /** What became of the owner before: it left the lock free, or died holding it. */
      readonly ownerBefore: 'left' | 'died';
    }
  /** The lock is held; `heldBy` is `null` where the file does not say by whom. */
  | { readonly lock: null; readonly heldBy: ProcessIdentity | null };

/** Tokens of the locks that this process holds: other files with its process id are an earlier process's. */
const ownTokens = new Set<string>();

/** Takes the lock, from a dead owner too; refuses while it is held. */
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

/** Shows that the owner lives; needs no room on the disk. False: the lock was lost to another owner. */
export async function renewLock({ file }: Lock, now: number): Promise<boolean> {
  try {
    await setTime(file, now);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Leaves the lock alone if it is another owner's by now. */
export async function releaseLock({ file }: Lock): Promise<void> {
  await rm(file, { force: true });
  await removeIfEmpty(dirname(file));
  ownTokens.delete(basename(file));
}

/** Renews the lock in the background until the returned function is called. */
export function keepRenewing(lock: Lock, now: () => number): () => void {
  // A failure is not lost: whoever writes renews the lock first, and hears of it there.
  const beat = setInterval(() => void renewLock(lock, now()).catch(() => undefined), lockBeatMs);
  beat.unref();
  return () => clearInterval(beat);
}

/** Gives the folder of `file` the lock's name, as soon as nobody holds it. */
async function moveTo(path: string, file: string, now: () => number): Promise<LockAttempt> {
  const lock = { file: join(path, basename(file)) };
  let ownerBefore: 'left' | 'died' = 'left';
  for (let attempt = 1; ; attempt++) {
    // Watching another lock may have taken a while.
    await setTime(file, now());
    try {
      await rename(dirname(file), path);
      return { lock, ownerBefore };
    } catch (error) {
      // A network disk may report a failure for a rename that it did.
      if (await exists(lock.file)) return { lock, ownerBefore };
      const present = await removeDead(path, now);
      if (present.is === 'held') return { lock: null, heldBy: present.by };
      if (present.is === 'dead') ownerBefore = 'died';
      if (!mayBeInTheWay(error)) throw error;
      if (attempt === mostAttempts) {
        // Others keep taking it and letting it go in between.
        if (isNotEmpty(error)) return { lock: null, heldBy: null };
        throw error;
      }
      if (present.is === 'free') await sleep(5 * 2 ** attempt);
    }
  }
}

type Present =
  | { readonly is: 'free' }
  /** It was removed. */
  | { readonly is: 'dead' }
  | { readonly is: 'held'; readonly by: ProcessIdentity | null };

async function removeDead(path: string, now: () => number): Promise<Present> {
  let files: string[];
  try {
    files = (await readdir(path)).map((name) => join(path, name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { is: 'free' };
    if (systemCode(error) !== 'ENOTDIR') throw error;
    files = [path]; // of a version whose lock was a file
  }
  let is: 'free' | 'dead' = 'free';
  for (const file of files) {
    const found = await read(file);
    if (found === null) continue; // released meanwhile
    if (await isAlive(file, found, now)) return { is: 'held', by: found.owner };
    await removeFile(file);
    is = 'dead';
  }
  await removeIfEmpty(path);
  return { is };
}

interface Found {
  readonly owner: ProcessIdentity | null;
  /** When the owner renewed it, in milliseconds. */
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

/** `null` when it is gone. Opening it makes a network disk ask for the time anew. */
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
    // In place of a lock that was a file another process has put one that is a folder.
    if (!isDirectory(error)) throw error;
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  // An empty folder is a lock that nobody holds, and one that is not empty is another owner's.
  await rmdir(folder).catch(() => undefined);
}

function setTime(file: string, time: number): Promise<void> {
  return utimes(file, time / 1000, time / 1000);
}

/** POSIX says that a folder is not empty, or that a file is no folder; Windows refuses as if forbidden. */
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
