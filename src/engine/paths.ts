/** Finds the cache folder, the bundled model, and the model that MODEL names in a call. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

import { fromSystemError, usageError } from '../core/base/errors.js';
import { exists, makeFolder } from '../core/base/files.js';
import { snapshotFolder } from '../core/model/hubCache.js';
import { isAdapterFolder } from '../core/model/mergeAdapter.js';
import { cacheFolderVariable } from '../protocol/rpc.js';
import { runFileNames } from '../protocol/run.js';

/** Folder for derived files: NOTESPACE_CACHE, else the user's cache. */
export async function cacheFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = env[cacheFolderVariable] ?? join(userCache(env), 'notespace');
  try {
    await makeFolder(folder, 0o700);
  } catch (error) {
    throw fromSystemError(error, `The cache folder ${folder}`);
  }
  return folder;
}

function userCache(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32')
    return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
}

export interface ModelPlaces {
  /** Folder of the bundled model. */
  readonly bundled: string;
  /** Folders whose sub-folders are runs. */
  readonly runs: readonly string[];
  /** Base of relative paths. */
  readonly base: string;
}

/**
 * Absolute path of the Hugging Face folder that MODEL names: a folder (of the hub's cache, too), a
 * run's name, a folder of a run such as RUN/base-with-head, or `bundled`. It may be an adapter's, see
 * `plainModelFolder`.
 */
export async function resolveModel(model: string, places: ModelPlaces): Promise<string> {
  if (model === 'bundled') {
    if (await isModelFolder(places.bundled)) return places.bundled;
    throw usageError(
      `The bundled model is missing from ${places.bundled}: install Notespace again.`,
    );
  }
  if (model.startsWith('hub:')) {
    throw usageError(`${model} names a model on a hub: download it and name its folder instead.`);
  }
  const folder = isAbsolute(model) ? model : resolve(places.base, model);
  const snapshot = await snapshotFolder(folder);
  if (await isModelFolder(snapshot)) return snapshot;
  if (await isModelFolder(join(folder, runFileNames.model)))
    return join(folder, runFileNames.model);
  if (!/[\\/]/.test(model)) {
    for (const runs of places.runs) {
      const run = join(runs, model, runFileNames.model);
      if (await isModelFolder(run)) return run;
      if (await exists(join(runs, model))) {
        throw usageError(`The run ${model} has no model: it is not done yet, or it trained none.`);
      }
    }
  }
  if (!isAbsolute(model)) {
    // RUN/base-with-head
    for (const runs of places.runs) {
      if (await isModelFolder(join(runs, model))) return join(runs, model);
    }
  }
  if (!(await exists(folder))) {
    throw usageError(`There is no model ${model}: name a model folder, a run, or "bundled".`);
  }
  throw usageError(`${folder} is no model folder: it has no config.json.`);
}

async function isModelFolder(folder: string): Promise<boolean> {
  return (await exists(join(folder, 'config.json'))) || isAdapterFolder(folder);
}
