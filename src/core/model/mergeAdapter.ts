/** Makes a plain model folder of an adapter of peft and its base, as peft's merge_and_unload does. */
import { copyFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { failure } from '../base/errors.js';
import { createFolderBeside, exists, makeFolder, replaceFolder } from '../base/files.js';
import { hashFile } from '../base/hash.js';
import { writeStored } from '../base/safetensors.js';
import { findBase } from './adapterBase.js';
import type { ModelPlaces } from './adapterBase.js';
import { readAdapterConfig } from './adapterConfig.js';
import { mergedTensors } from './adapterTensors.js';
import { convertTorchWeights } from './convertWeights.js';
import { adapterFileNames, modelFileNames } from './fileNames.js';
import { isAdapter, modelFilesAmong } from './importFiles.js';
import { modelHash } from './modelFiles.js';
import { presentNames } from './presentNames.js';
import { withWeightFile, withWeights } from './weightFiles.js';

export async function isAdapterFolder(folder: string): Promise<boolean> {
  return isAdapter(new Set(await readdir(folder).catch(() => [])));
}

/** Fills `target`: the base's files, then the adapter's tokenizer and card, then the weights. */
export async function mergeAdapter(
  folder: string,
  target: string,
  places: ModelPlaces,
  name = folder,
): Promise<void> {
  const config = await readAdapterConfig(folder);
  const base = await findBase(folder, config, places, name);
  for (const source of [base, folder]) {
    for (const path of modelFilesAmong(await presentNames(source))) {
      if (isWeights(path)) continue;
      await makeFolder(dirname(join(target, path)));
      await copyFile(join(source, path), join(target, path));
    }
  }
  // Those of the base's modules, such as 2_Dense.
  await convertTorchWeights(base, target);
  await withWeights(base, async (weights) =>
    withWeightFile(await adapterWeights(folder, name), async (adapter) => {
      const merged = mergedTensors(weights, adapter, config, name);
      await writeStored(join(target, modelFileNames.weights), merged, { format: 'pt' });
    }),
  );
}

/** The merged model in the cache, made there if need be; the folder itself if it is no adapter. */
export async function plainModelFolder(
  folder: string,
  cacheFolder: string,
  places: ModelPlaces,
): Promise<string> {
  if (!(await isAdapterFolder(folder))) return folder;
  const base = await findBase(folder, await readAdapterConfig(folder), places);
  const hash = createHash('sha256').update(await modelHash(base));
  for (const file of modelFilesAmong(await presentNames(folder))) {
    hash.update(`${file}:${await hashFile(join(folder, file))}\n`);
  }
  const target = join(cacheFolder, 'adapters', hash.digest('hex').slice(0, 32));
  if (await exists(join(target, modelFileNames.weights))) return target;
  const temporary = await createFolderBeside(target);
  try {
    await mergeAdapter(folder, temporary, places);
    await replaceFolder(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return target;
}

async function adapterWeights(folder: string, name: string): Promise<string> {
  for (const file of [adapterFileNames.weights, adapterFileNames.torchWeights]) {
    if (await exists(join(folder, file))) return join(folder, file);
  }
  throw failure(
    `The adapter ${name} has no weights, because ${adapterFileNames.weights} is missing.`,
  );
}

function isWeights(path: string): boolean {
  return /\.(bin|safetensors)(\.index\.json)?$/.test(path) &&
    !/^\d+_\w+\/model\.safetensors$/.test(path)
    ? true
    : path === adapterFileNames.config;
}
