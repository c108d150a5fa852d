/** Files that are there whole or not at all, on Linux, macOS and Windows. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbsent, systemCode } from './errors.js';

/** Replaces `path` by `data`; whoever reads meanwhile sees the old or the new content. */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await writeFileAtomicWith(path, (file) => file.writeFile(data));
}

/** As `writeFileAtomic`, for content too large to hold: `write` fills a file that then takes the name. */
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
 * As `writeFileAtomic`, for a private file that changes often: it is not synchronised, so that writing it
 * costs no disk flush, and a power cut may lose the last change.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await replace(path, 0o600, (file) => file.writeFile(text));
}

/**
 * Writes over a small file in place, for a full disk, where no second file fits beside it. It is not
 * cut, so that no reader finds it empty: blanks fill it up to its former length.
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

/** Makes a folder with those above it. Node's own way reports a read-only disk as a missing folder. */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    // Some systems report a folder that is there as one that must not be written.
    if (await isFolder(path)) return;
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), mode);
    await makeFolder(path, mode);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** A fresh, empty folder beside `target`, to be filled and then given to `replaceFolder`. */
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
 * Gives `target` the content of `folder`, which stands on the same disk. No rename replaces a filled
 * folder, so the old one steps aside first, and comes back if the new one cannot take its place.
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

/** Makes sure that what was written to `path` is on the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename within the folder durable, where the system knows how (Windows does not). */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // The data itself is safe; only the order of metadata is left to the system.
  } finally {
    await handle?.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/**
 * Deletes what writers that were killed left half written in a folder, files and folders; a folder that
 * does not exist is clean.
 *
 * @param isInUse whether process `pid` may still be writing `name`; without it, nobody else writes now
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

/** On Windows a virus scanner, an indexer or a reader may hold a file for a moment. */
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

/** Whether another program may be holding a file, so that trying again may help. */
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

/** In the same folder, so that a rename suffices; the number keeps writers of one process apart. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${temporaryCount++}.tmp`);
}
