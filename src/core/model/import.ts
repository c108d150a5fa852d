/** Imports models from elsewhere. The whole model is checked before it gets its final name. */
import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Cancelled, failure, fromSystemError, throwIfAborted, UserError } from '../base/errors.js';
import { createFolderBeside, makeFolder, replaceFolder } from '../base/files.js';
import { downloadHubFile, downloadOrder } from './hub.js';
import type { Hub, HubModel } from './hub.js';
import { modelFilesAmong } from './importFiles.js';
import { importedName } from './importNames.js';
import { modelFileNames } from './fileNames.js';
import { checkModelFolder } from './modelFiles.js';
import { readModel } from './readModel.js';
import { readConfigFile } from './readModelConfig.js';
import { readTokenizer } from './readTokenizer.js';

export interface ImportOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Copies only the model's files, ignoring anything else in the folder; returns the number of bytes.
 */
export async function importFolder(
  source: string,
  target: string,
  { signal, onProgress }: ImportOptions,
): Promise<number> {
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
        await makeFolder(dirname(join(temporary, path)));
        await copyFile(join(source, path), join(temporary, path));
        done += bytes;
      }
      throwIfAborted(signal);
      await replaceFolder(temporary, target);
      onProgress(total, total);
      return total;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/**
 * Downloads a model. After a cancel or a broken connection the partial download stays beside
 * `target` and is resumed, as long as the hub still has that revision.
 */
export async function importHubModel(
  model: HubModel,
  target: string,
  hub: Hub,
  { onProgress }: Pick<ImportOptions, 'onProgress'>,
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
    }
    throwIfAborted(hub.signal);
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
  try {
    await checkModelFolder(folder);
    const { config } = await readModel(folder);
    await readTokenizer(folder, config);
  } catch (error) {
    throw renamed(error, folder, name);
  }
}

async function checkConfig(folder: string, name: string): Promise<void> {
  try {
    await readConfigFile(folder);
  } catch (error) {
    if (error instanceof UserError) await rm(folder, { recursive: true, force: true });
    throw renamed(error, folder, name);
  }
}

/** Replaces the temporary folder's path in a message, since the user has never seen it. */
function renamed(error: unknown, folder: string, name: string): unknown {
  if (!(error instanceof UserError) || folder === name) return error;
  return failure(error.message.replaceAll(folder, name), { cause: error });
}

async function presentFiles(folder: string): Promise<{ path: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'));
  const wanted = modelFilesAmong(new Set(names));
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
function partialName({ name, revision }: HubModel): string {
  return `.${importedName(name)}-${revision.slice(0, 12)}.part`;
}
