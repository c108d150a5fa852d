/**
 * The cache in which Python's huggingface_hub keeps what it downloaded: for each model a folder
 * models--owner--name with `refs`, which name commits, and `snapshots`, a folder for each.
 * https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isAbsent, UserError, usageError } from '../base/errors.js';
import { exists } from '../base/files.js';
import { checkFileNames } from './importFiles.js';
import { checkModelFolder } from './modelFiles.js';

/** The folder itself, or the newest snapshot in it if it is a model's folder of the cache. */
export async function snapshotFolder(folder: string): Promise<string> {
  const snapshots = await namesIn(join(folder, 'snapshots'));
  if (snapshots.length === 0 || (await exists(join(folder, 'config.json')))) return folder;
  const main = await snapshotOf(folder, 'main');
  if (main !== null) return main;
  const [only] = snapshots;
  if (snapshots.length === 1 && only !== undefined) return join(folder, 'snapshots', only);
  throw usageError(
    `${folder} holds several versions of a model and does not say which is the current one: choose one of the folders in its folder snapshots.`,
  );
}

/**
 * The folder of a model in the caches, if it is there with its weights; `null` if not.
 *
 * @param revision branch, tag, `refs/pr/N` or commit; `null` for the main branch
 */
export async function findInHubCache(
  caches: readonly string[],
  name: string,
  revision: string | null,
): Promise<string | null> {
  for (const cache of caches) {
    const folder = join(cache, `models--${name.replace('/', '--')}`);
    const snapshot = await snapshotOf(folder, revision ?? 'main');
    if (snapshot !== null && (await isWhole(snapshot))) return snapshot;
  }
  return null;
}

/** Where huggingface_hub and transformers keep their caches. */
export function hubCaches(env: Readonly<Record<string, string | undefined>>): string[] {
  const home =
    env['HF_HOME'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'huggingface');
  const named = [env['HF_HUB_CACHE'], env['HUGGINGFACE_HUB_CACHE'], env['TRANSFORMERS_CACHE']];
  return [...named.filter((path) => path !== undefined && path !== ''), join(home, 'hub')].filter(
    (path) => path !== undefined,
  );
}

/** A revision is a name in `refs` or (the beginning of) a commit. */
async function snapshotOf(folder: string, revision: string): Promise<string | null> {
  if (revision.split('/').includes('..')) return null;
  const commit = await readRef(join(folder, 'refs', ...revision.split('/')));
  const snapshots = await namesIn(join(folder, 'snapshots'));
  const isCommit = /^[0-9a-f]{7,40}$/.test(revision);
  const found = snapshots.filter((name) =>
    commit === null ? isCommit && name.startsWith(revision) : name === commit,
  );
  const [only] = found;
  return found.length === 1 && only !== undefined ? join(folder, 'snapshots', only) : null;
}

/** Python programs often fetch a tokenizer or a configuration alone. */
async function isWhole(folder: string): Promise<boolean> {
  const names = new Set(await namesIn(folder));
  try {
    checkFileNames(folder, names);
    if (names.has('config.json')) await checkModelFolder(folder);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

async function readRef(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isAbsent(error) || (error as NodeJS.ErrnoException).code === 'EISDIR') return null;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
