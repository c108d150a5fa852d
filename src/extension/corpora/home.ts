/**
 * A home holds one workspace folder's corpora, index and runs. It is the folder named in the settings,
 * else `.notespace` in the workspace folder, or the extension's own storage when that is read-only.
 */
import { createHash } from 'node:crypto';
import { open, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { systemCode, UserError } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import { ensureNotespaceFolder } from '../../engine/runFolder.js';
import { corporaFileName } from './corporaFile.js';

export interface HomeChoice {
  readonly preferred: string;
  readonly fallback: string;
}

export function homeChoice(
  workspaceFolder: string,
  storageFolder: string,
  fallbackRoot: string,
): HomeChoice {
  const fallback = join(fallbackRoot, shortHash(workspaceFolder));
  if (storageFolder === '') return { preferred: join(workspaceFolder, '.notespace'), fallback };
  // Workspaces must stay apart in a shared absolute folder.
  const preferred = isAbsolute(storageFolder)
    ? join(storageFolder, shortHash(workspaceFolder))
    : resolve(workspaceFolder, storageFolder);
  return { preferred, fallback };
}

/** Finds the corpora of earlier sessions. Creates nothing permanent. */
export async function locateHome({ preferred, fallback }: HomeChoice): Promise<string> {
  if (await isDenied(join(preferred, corporaFileName))) return fallback;
  if (!(await exists(join(fallback, corporaFileName)))) return preferred;
  const hasOwn = await exists(join(preferred, corporaFileName));
  // The same test as in claimHome; otherwise a list that had to move would not be found again.
  return hasOwn && (await isWritable(preferred)) ? preferred : fallback;
}

/** Makes the home writable and says whether the fallback had to be used. */
export async function claimHome(choice: HomeChoice): Promise<{ home: string; fellBack: boolean }> {
  // A folder may be writable while its list belongs to someone else: do not replace that list.
  if (!(await isDenied(join(choice.preferred, corporaFileName)))) {
    try {
      await makeWritable(choice.preferred);
      return { home: choice.preferred, fellBack: false };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  await makeWritable(choice.fallback);
  return { home: choice.fallback, fellBack: true };
}

/** Whether a home can be written to, so that jobs can run in it. */
export async function isWritable(home: string): Promise<boolean> {
  return makeWritable(home).then(
    () => true,
    () => false,
  );
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Permission bits are not reliable on every system: only a test write is. */
async function makeWritable(folder: string): Promise<void> {
  try {
    await ensureNotespaceFolder(folder);
    const probe = join(folder, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe, { force: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = systemCode(error) ?? 'unknown error';
    throw new UserError('failed', `The folder ${folder} cannot be written (${code}).`);
  }
}

/** Whether the file exists but may not be read: in a shared folder it belongs to someone else. */
async function isDenied(file: string): Promise<boolean> {
  try {
    await (await open(file)).close();
    return false;
  } catch (error) {
    const code = systemCode(error);
    return code === 'EACCES' || code === 'EPERM';
  }
}
