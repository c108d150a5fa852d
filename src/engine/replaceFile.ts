/**
 * Replaces a small file whole: a reader sees the old one or the new one, never half of it. Not
 * synchronised to disk, so that a heartbeat costs no disk flush; a power cut may lose the last one.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
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

/** Windows refuses a rename while somebody has the target open for a moment. */
async function renameWithRetry(from: string, to: string): Promise<void> {
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
