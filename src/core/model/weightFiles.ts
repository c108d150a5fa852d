/** A model's weights: one safetensors file, or several listed in an index. */
import { basename, join } from 'node:path';
import { failure, usageError } from '../base/errors.js';
import { exists } from '../base/files.js';
import { readSafetensors } from '../base/safetensors.js';
import type { SafetensorsFile, Tensor } from '../base/safetensors.js';
import { modelFileNames } from './fileNames.js';
import { readModelJson } from './readModelJson.js';

export type Weights = Pick<SafetensorsFile, 'tensors' | 'others'>;

/** Names of the weight files, index first if there is one; throws if any is missing. */
export async function weightFiles(folder: string): Promise<string[]> {
  if (await exists(join(folder, modelFileNames.weights))) return [modelFileNames.weights];
  const shards = [...new Set((await readIndex(folder)).values())].sort();
  for (const shard of shards) {
    if (!(await exists(join(folder, shard)))) {
      throw usageError(
        `The model ${folder} lacks its weight file ${shard}: copy or download the whole model.`,
      );
    }
  }
  return [modelFileNames.weightsIndex, ...shards];
}

export async function readWeights(folder: string): Promise<Weights> {
  const [first, ...shards] = await weightFiles(folder);
  if (first === modelFileNames.weights) return readSafetensors(join(folder, first));
  const tensors = new Map<string, Tensor>();
  const others = new Map<string, string>();
  for (const shard of shards) {
    const file = await readSafetensors(join(folder, shard));
    for (const [name, tensor] of file.tensors) tensors.set(name, tensor);
    for (const [name, type] of file.others) others.set(name, type);
  }
  for (const [name, shard] of await readIndex(folder)) {
    if (tensors.has(name) || others.has(name)) continue;
    throw failure(
      `The weight file ${shard} of the model ${folder} lacks the tensor ${name}: copy or download the whole model again.`,
    );
  }
  return { tensors, others };
}

/** Maps each tensor to its file. */
async function readIndex(folder: string): Promise<Map<string, string>> {
  const index = await readModelJson(folder, modelFileNames.weightsIndex);
  const map = index?.['weight_map'];
  const entries = typeof map === 'object' && map !== null ? Object.entries(map) : [];
  // A name with a path could point outside the model folder.
  if (entries.length === 0 || !entries.every(([, file]) => isWeightFile(file))) {
    throw failure(
      `The file ${modelFileNames.weightsIndex} of the model ${folder} does not say which tensor is in which safetensors file: copy or download it again.`,
    );
  }
  return new Map(entries as [string, string][]);
}

function isWeightFile(name: unknown): boolean {
  return (
    typeof name === 'string' &&
    name.endsWith('.safetensors') &&
    basename(name) === name &&
    !name.includes('\\')
  );
}
