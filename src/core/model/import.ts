/** Imports models from elsewhere. The whole model is checked before it gets its final name. */
import { copyFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Cancelled, failure, fromSystemError, throwIfAborted, UserError } from '../base/errors.js';
import { createFolderBeside, makeFolder, replaceFolder } from '../base/files.js';
import { findBase } from './adapterBase.js';
import type { ModelPlaces } from './adapterBase.js';
import { readAdapterConfig } from './adapterConfig.js';
import { convertTorchWeights } from './convertWeights.js';
import type { Hub, HubDownload } from './hubAccess.js';
import { downloadHubFile, downloadOrder } from './hubDownload.js';
import { modelFilesAmong } from './importFiles.js';
import { importedName } from './importNames.js';
import { adapterFileNames, modelFileNames } from './fileNames.js';
import { isAdapterFolder, mergeAdapter } from './mergeAdapter.js';
import { checkModelFolder } from './modelFiles.js';
import { presentNames } from './presentNames.js';
import { readModel } from './readModel.js';
import { checkConfigFile } from './readModelConfig.js';
import { readTokenizer } from './readTokenizer.js';
import { snapshotFolder } from './hubCache.js';
import { weightFiles } from './weightFiles.js';

export interface ImportOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
  /** Where the base of an adapter is looked for; by default beside `target`. */
  readonly places?: ModelPlaces;
}

/**
 * Copies only the model's files, ignoring anything else in the folder; returns the number of bytes.
 * Pickled weights are not copied but stored as safetensors.
 */
export async function importFolder(
  given: string,
  target: string,
  { signal, onProgress, places = besides(target) }: ImportOptions,
): Promise<number> {
  const source = await snapshotFolder(given);
  if (await isAdapterFolder(source)) return importAdapter(source, target, places, source);
  await checkModel(source, source);
  throwIfAborted(signal);
  return writing(target, async () => {
    const files = await presentFiles(source);
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const temporary = await createFolderBeside(target);
    try {
      let done = 0;
      for (const { path, bytes } of files) {
        throwIfAborted(signal);
        onProgress(done, total);
        if (!isPickle(path)) {
          await makeFolder(dirname(join(temporary, path)));
          await copyFile(join(source, path), join(temporary, path));
        }
        done += bytes;
      }
      await convertTorchWeights(source, temporary);
      throwIfAborted(signal);
      await replaceFolder(temporary, target);
      onProgress(total, total);
      return total;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** Stores the model that an adapter makes of its base; returns the number of bytes of its weights. */
async function importAdapter(
  source: string,
  target: string,
  places: ModelPlaces,
  name: string,
): Promise<number> {
  return writing(target, async () => {
    const temporary = await createFolderBeside(target);
    try {
      await naming(source, name, () => mergeAdapter(source, temporary, places, name));
      await checkModel(temporary, name);
      const { size } = await stat(join(temporary, modelFileNames.weights));
      await replaceFolder(temporary, target);
      return size;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

function besides(target: string): ModelPlaces {
  return { models: [dirname(target)], hubCaches: [] };
}

/** A pickle, or the index of several. */
function isPickle(path: string): boolean {
  return /\.bin(\.index\.json)?$/.test(path);
}

/**
 * Downloads a model. After a cancel or a broken connection the partial download stays beside
 * `target` and is resumed, as long as the hub still has that revision.
 */
export async function importHubModel(
  model: HubDownload,
  target: string,
  hub: Hub,
  { onProgress, places = besides(target) }: Omit<ImportOptions, 'signal'>,
): Promise<number> {
  const total = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const partial = join(dirname(target), partialName(model));
  return writing(target, async () => {
    await makeFolder(partial, 0o700);
    let done = 0;
    for (const file of downloadOrder(model)) {
      const before = done;
      await downloadHubFile(model, file, partial, {
        hub,
        onBytes: (bytes) => onProgress(before + bytes, total),
      });
      done += file.bytes;
      if (file.path === modelFileNames.config) await checkConfig(partial, model.name);
      if (file.path === adapterFileNames.config) await checkBase(partial, model.name, places);
    }
    throwIfAborted(hub.signal);
    if (await isAdapterFolder(partial)) {
      const bytes = await importAdapter(partial, target, places, model.name);
      await rm(partial, { recursive: true, force: true });
      return bytes;
    }
    await naming(partial, model.name, () => convertTorchWeights(partial, partial));
    await checkModel(partial, model.name);
    await replaceFolder(partial, target);
    return total;
  });
}

/**
 * Checks everything that training or indexing would reject later; `name` stands for the folder in
 * messages.
 */
async function checkModel(folder: string, name: string): Promise<void> {
  await naming(folder, name, async () => {
    await checkModelFolder(folder);
    const { config } = await readModel(folder);
    await readTokenizer(folder, config);
  });
}

/** As `checkModel`, for a configuration that came before the weights: an unusable model goes. */
async function checkConfig(folder: string, name: string): Promise<void> {
  try {
    await naming(folder, name, () => checkConfigFile(folder));
  } catch (error) {
    if (error instanceof UserError) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** An adapter is of no use without its base, which is not downloaded with it. */
async function checkBase(folder: string, name: string, places: ModelPlaces): Promise<void> {
  await naming(folder, name, async () => {
    await findBase(folder, await readAdapterConfig(folder), places, name);
  });
}

async function naming(folder: string, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw renamed(error, folder, name);
  }
}

/** Replaces the temporary folder's path in a message, since the user has never seen it. */
function renamed(error: unknown, folder: string, name: string): unknown {
  if (!(error instanceof UserError) || folder === name) return error;
  return failure(error.message.replaceAll(folder, name), { cause: error });
}

async function presentFiles(folder: string): Promise<{ path: string; bytes: number }[]> {
  const shards = await weightFiles(folder);
  const wanted = modelFilesAmong(await presentNames(folder), new Set(shards));
  return Promise.all(
    wanted.map(async (path) => ({ path, bytes: (await stat(join(folder, path))).size })),
  );
}

async function writing<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError || error instanceof Cancelled) throw error;
    throw fromSystemError(error, `The model folder ${target}`);
  }
}

/** Hidden, and the same for every attempt at a revision. */
function partialName({ name, revision }: HubDownload): string {
  return `.${importedName(name)}-${revision.slice(0, 12)}.part`;
}
