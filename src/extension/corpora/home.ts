/**
 * A home is the folder of one workspace folder's corpora, index and runs: where the setting says, else
 * `.notespace` in the workspace folder, else (nothing can be written there) the extension's own storage.
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
  // A shared absolute folder must keep the workspaces apart.
  const preferred = isAbsolute(storageFolder)
    ? join(storageFolder, shortHash(workspaceFolder))
    : resolve(workspaceFolder, storageFolder);
  return { preferred, fallback };
}

/** Where the corpora of earlier sessions are; leaves nothing behind. */
export async function locateHome({ preferred, fallback }: HomeChoice): Promise<string> {
  if (await isDenied(join(preferred, corporaFileName))) return fallback;
  if (!(await exists(join(fallback, corporaFileName)))) return preferred;
  const hasOwn = await exists(join(preferred, corporaFileName));
  // Asked as claimHome asks, or a list that had to move would not be found again.
  return hasOwn && (await isWritable(preferred)) ? preferred : fallback;
}

/** Makes the home ready to be written; says whether it had to be the fallback. */
export async function claimHome(choice: HomeChoice): Promise<{ home: string; fellBack: boolean }> {
  // A folder that others may write does not make its list ours to replace.
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

/** Whether a home that exists can be written, so that jobs may work in it. */
export async function isWritable(home: string): Promise<boolean> {
  return makeWritable(home).then(
    () => true,
    () => false,
  );
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Permissions alone do not tell on every system: only a write does. */
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

/** Somebody else's, in a shared folder: private, so that not even its list can be read. */
async function isDenied(file: string): Promise<boolean> {
  try {
    await (await open(file)).close();
    return false;
  } catch (error) {
    const code = systemCode(error);
    return code === 'EACCES' || code === 'EPERM';
  }
}
