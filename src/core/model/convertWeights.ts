/** Stores weights of torch.save as safetensors at import, so that nothing later touches a pickle. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import { writeStored } from '../base/safetensors.js';
import { elementCount, itemBytes } from '../base/storedTensor.js';
import type { StoredTensor } from '../base/storedTensor.js';
import { modelFileNames, torchWeights } from './fileNames.js';
import { isPickled } from './importFiles.js';
import { isIndex, weightFiles, withWeights } from './weightFiles.js';
import type { Weights } from './weightFiles.js';

/**
 * Writes the pickled weights of `source`, and of its modules such as 2_Dense, to the same places in
 * `target` as model.safetensors. If the two are one folder, the pickles go.
 */
export async function convertTorchWeights(source: string, target: string): Promise<void> {
  const entries = await readdir(source, { withFileTypes: true });
  const modules = entries.filter((entry) => entry.isDirectory() && /^\d+_\w+$/.test(entry.name));
  for (const { name } of [{ name: '' }, ...modules]) {
    const names = await readdir(join(source, name));
    if (name !== '' && (!names.includes(torchWeights) || names.includes(modelFileNames.weights))) {
      continue;
    }
    await convert(join(source, name), join(target, name));
  }
}

async function convert(source: string, target: string): Promise<void> {
  const files = await weightFiles(source);
  if (!isPickled(files[0])) return;
  const sizes = await Promise.all(
    files.filter((name) => !isIndex(name)).map((name) => stat(join(source, name))),
  );
  const room = sizes.reduce((sum, { size }) => sum + size, 0);
  await makeFolder(target);
  await withWeights(source, (weights) =>
    writeStored(join(target, modelFileNames.weights), eachOnce(weights, room, source), {
      format: 'pt',
    }),
  );
  if (source !== target) return;
  for (const name of files) await rm(join(source, name));
}

/**
 * Of tied tensors the first: safetensors cannot share. Views that overlap otherwise could fill the
 * disk from a small file, and are of no model.
 */
function eachOnce(weights: Weights, room: number, folder: string): [string, StoredTensor][] {
  const places = new Set<string>();
  const kept = [...weights].filter(([, { place }]) => {
    const isNew = !places.has(place);
    places.add(place);
    return isNew;
  });
  const bytes = kept.reduce(
    (sum, [, { shape, dtype }]) => sum + elementCount(shape) * itemBytes[dtype]!,
    0,
  );
  if (bytes > room) {
    throw failure(
      `The weights of ${folder} overlap each other: take the model from somewhere you trust, as model.safetensors if there is one.`,
    );
  }
  return kept;
}
