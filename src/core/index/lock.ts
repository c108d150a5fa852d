import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { failure, fromSystemError } from '../base/errors.js';
import { systemCode } from '../base/files.js';
import { storeFileNames } from './manifest.js';

/** Makes sure that one process writes; the lock of a dead one is taken over. */
export async function lockStore(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, storeFileNames.lock);
  const own = `${process.pid} ${hostname()}`;
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(own);
      } finally {
        await file.close();
      }
      return () => rm(path, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw fromSystemError(error, `The index ${folder}`);
    }
    if (attempt > 0 || (await isHeld(path))) {
      throw failure(
        `The index ${folder} is being written by another process: wait until it is done (if none is at work, delete ${path}).`,
      );
    }
    await rm(path, { force: true });
  }
}

async function isHeld(path: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return false;
  }
  const [pid, host] = text.split(' ');
  // Of a process on another machine nothing is known.
  if (host !== undefined && host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
