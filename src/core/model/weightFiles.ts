/**
 * A model's weights: one file or several listed in an index, as safetensors or as what `torch.save`
 * writes.
 */
import { basename, join } from 'node:path';
import { failure, usageError } from '../base/errors.js';
import { exists } from '../base/files.js';
import { withSafetensors } from '../base/safetensors.js';
import type { StoredTensor } from '../base/storedTensor.js';
import { withTorchFile } from '../base/torch/torchFile.js';
import { modelFileNames, torchWeights, torchWeightsIndex } from './fileNames.js';
import { readModelJson } from './readModelJson.js';

/** Tensors by name; their values are read when asked for. */
export type Weights = ReadonlyMap<string, StoredTensor>;

/** Where weights may be, in the order in which they are looked for. */
export const weightNames = [
  modelFileNames.weights,
  modelFileNames.weightsIndex,
  torchWeights,
  torchWeightsIndex,
] as const;

/** Names of the weight files, index first if there is one; throws if any is missing. */
export async function weightFiles(folder: string): Promise<string[]> {
  const first = await firstWeights(folder);
  if (!isIndex(first)) return [first];
  const shards = [...new Set((await readIndex(folder, first)).values())].sort();
  for (const shard of shards) {
    if (!(await exists(join(folder, shard)))) {
      throw usageError(
        `The model ${folder} lacks its weight file ${shard}: copy or download the whole model.`,
      );
    }
  }
  return [first, ...shards];
}

/** Opens the weights of a folder while `use` reads those tensors that it wants. */
export async function withWeights<T>(
  folder: string,
  use: (weights: Weights) => Promise<T>,
): Promise<T> {
  const [first = '', ...shards] = await weightFiles(folder);
  if (!isIndex(first)) return withWeightFile(join(folder, first), use);
  const index = await readIndex(folder, first);
  return withAll(
    shards.map((shard) => join(folder, shard)),
    new Map(),
    (weights) => {
      for (const [name, shard] of index) {
        if (weights.has(name)) continue;
        throw failure(
          `The weight file ${shard} of the model ${folder} lacks the tensor ${name}: copy or download the whole model again.`,
        );
      }
      return use(weights);
    },
  );
}

/** Opens one file, in either format. */
export async function withWeightFile<T>(
  path: string,
  use: (weights: Weights) => Promise<T>,
): Promise<T> {
  return path.endsWith('.safetensors') ? withSafetensors(path, use) : withTorchFile(path, use);
}

/** Opens file after file, keeping all of them open. */
async function withAll<T>(
  paths: readonly string[],
  opened: Weights,
  use: (weights: Weights) => Promise<T>,
): Promise<T> {
  const [path, ...rest] = paths;
  if (path === undefined) return use(opened);
  return withWeightFile(path, (more) =>
    withAll(rest, new Map([...opened, ...inFile(path, more)]), use),
  );
}

/** Places are unique within a file only. */
function inFile(path: string, weights: Weights): [string, StoredTensor][] {
  return [...weights].map(([name, tensor]) => [
    name,
    { ...tensor, place: `${path}:${tensor.place}` },
  ]);
}

async function firstWeights(folder: string): Promise<string> {
  for (const name of weightNames) if (await exists(join(folder, name))) return name;
  throw usageError(
    `The model folder ${folder} has no weights, because model.safetensors is missing: copy or download the whole model.`,
  );
}

export function isIndex(name: string): boolean {
  return name.endsWith('.index.json');
}

/** Maps each tensor to its file. */
async function readIndex(folder: string, name: string): Promise<Map<string, string>> {
  const map = shardsOf(await readModelJson(folder, name));
  if (map === null) {
    throw failure(
      `The file ${name} of the model ${folder} does not say which tensor is in which weight file: copy or download it again.`,
    );
  }
  return map;
}

/** What the content of an index says; `null` if it does not say where the tensors are. */
export function shardsOf(
  index: Readonly<Record<string, unknown>> | null,
): Map<string, string> | null {
  const map = index?.['weight_map'];
  const entries = typeof map === 'object' && map !== null ? Object.entries(map) : [];
  return entries.length > 0 && entries.every(isShard) ? new Map(entries.filter(isShard)) : null;
}

/** A name with a path could point outside the model folder. */
function isShard(entry: [string, unknown]): entry is [string, string] {
  const [, name] = entry;
  return (
    typeof name === 'string' &&
    /\.(safetensors|bin)$/.test(name) &&
    basename(name) === name &&
    !name.includes('\\')
  );
}
