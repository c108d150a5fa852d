/**
 * Replaces a small file whole: a reader sees the old one or the new one, never half of it. Not
 * synchronised to disk, so that a heartbeat costs no disk flush; a power cut may lose the last one.
 */
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

let counter = 0;

export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${counter++}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await renameWithRetry(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Writes over a small file where it stands, for a full disk, on which nothing can be put beside it. It
 * is not cut, so that no reader finds it empty: blanks fill it up to its former length.
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

/** Deletes what `replaceFile` left of these files when its process was killed. */
export async function removeHalfReplaced(
  folder: string,
  names: readonly string[],
  isAlive: (pid: number) => boolean,
): Promise<void> {
  for (const entry of await readdir(folder)) {
    const [, name = '', pid] = /^(.+)\.(\d+)-\d+\.tmp$/.exec(entry) ?? [];
    if (!names.includes(name) || isAlive(Number(pid))) continue;
    await rm(join(folder, entry), { force: true });
  }
}

/** Windows refuses a rename while somebody has the target open for a moment. */
export async function renameWithRetry(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempt === 5 || !isBusy(error)) throw error;
      await sleep(20 * 2 ** attempt);
    }
  }
}

export function isBusy(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EPERM' || code === 'EBUSY' || code === 'EACCES';
}

export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
