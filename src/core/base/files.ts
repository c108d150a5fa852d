/** Atomic file and folder writes, on Linux, macOS and Windows. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbsent, systemCode } from './errors.js';

/** Replaces `path` with `data`; concurrent readers see either the old or the new content. */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await writeFileAtomicWith(path, (file) => file.writeFile(data));
}

/**
 * As `writeFileAtomic`, for content too large for memory: `write` fills a temporary file, which is
 * then renamed.
 */
export async function writeFileAtomicWith(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await replace(path, 0o666, async (file) => {
    await write(file);
    await file.sync();
  });
  await syncFolder(dirname(path));
}

/**
 * As `writeFileAtomic`, for a private file that changes often. Not synced to disk, so writes are
 * cheap and a power cut may lose the last change.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await replace(path, 0o600, (file) => file.writeFile(text));
}

/**
 * Overwrites a small file in place, for a full disk with no room for a second copy. Pads with
 * spaces to the old length instead of truncating, so no reader finds it empty.
 */
export async function overwriteFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const blanks = ' '.repeat(Math.max(0, size - Buffer.byteLength(text)));
    await file.write(`${text}${blanks}`, 0);
  } finally {
    await file.close();
  }
}

async function replace(
  path: string,
  mode: number,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const { file, temporary } = await openTemporary(path, mode);
  try {
    try {
      await write(file);
    } finally {
      await file.close();
    }
    await renameStubbornly(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Creates a folder and its parents. Node's own `recursive` option reports a read-only disk as a
 * missing folder.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    // Some systems report an existing folder as not writable.
    if (await isFolder(path)) return;
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), mode);
    await makeFolder(path, mode);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** Creates an empty folder beside `target`, to be filled and passed to `replaceFolder`. */
export async function createFolderBeside(target: string): Promise<string> {
  await makeFolder(dirname(target));
  for (;;) {
    const folder = temporaryName(target);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Replaces `target` with `folder`, which must be on the same disk. A rename cannot replace a
 * non-empty folder, so the old one is moved aside first and restored if the new one cannot be moved
 * in.
 */
export async function replaceFolder(folder: string, target: string): Promise<void> {
  const aside = await createFolderBeside(target);
  const old = join(aside, basename(target));
  let hadOld = true;
  try {
    await renameStubbornly(target, old);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      await rm(aside, { recursive: true, force: true });
      throw error;
    }
    hadOld = false;
  }
  try {
    await renameStubbornly(folder, target);
  } catch (error) {
    if (hadOld) await renameStubbornly(old, target);
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(dirname(target));
  await rm(aside, { recursive: true, force: true });
}

/** Flushes a file's data to disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename within the folder durable. A no-op where unsupported (Windows). */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // The data itself is safe; only the ordering of metadata is left to the system.
  } finally {
    await handle?.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/**
 * Deletes temporary files and folders left by killed writers. Does nothing if the folder is
 * missing.
 *
 * @param isInUse whether process `pid` may still be writing `name`; omit if nobody else is writing
 */
export async function removeHalfWritten(
  folder: string,
  isInUse: (name: string, pid: number) => boolean = () => false,
): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  for (const entry of names) {
    const [, name, pid] = temporaryPattern.exec(entry) ?? [];
    if (name === undefined || isInUse(name, Number(pid))) continue;
    await rm(join(folder, entry), { recursive: true, force: true });
  }
}

/**
 * Retries the rename: on Windows a virus scanner, an indexer or a reader may briefly hold a file.
 */
export async function renameStubbornly(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= 8) throw error;
      await delay(10 * 2 ** attempt);
    }
  }
}

/** Whether another program may be holding the file, so a retry may succeed. */
export function isBusy(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'EPERM' || code === 'EBUSY' || (code === 'EACCES' && onWindows);
}

const onWindows = process.platform === 'win32';

async function openTemporary(
  path: string,
  mode: number,
): Promise<{ file: FileHandle; temporary: string }> {
  for (;;) {
    const temporary = temporaryName(path);
    try {
      return { file: await open(temporary, 'wx', mode), temporary };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

let temporaryCount = 0;
const temporaryPattern = /^\.(.+)\.(\d+)-\d+\.tmp$/;

/**
 * In the same folder, so that a rename suffices; the counter keeps names unique within a process.
 */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${temporaryCount++}.tmp`);
}
