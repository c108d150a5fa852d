import { failure } from '../base/errors.js';
import type { Tensor } from '../base/safetensors.js';
import { longestSequence, parseEncoderConfig } from '../encoder/config.js';
import type { EncoderConfig } from '../encoder/config.js';
import { families, familyOf } from '../encoder/families.js';
import { embeddingNames, parameterSpecs } from '../encoder/parameters.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { modelFileNames } from './fileNames.js';
import { checkModelFolder, modelHash } from './modelFiles.js';
import { readModelJson } from './readModelJson.js';
import { parseTrainingHashes } from './trainingHashes.js';
import type { TrainingHashes } from './trainingHashes.js';
import { readWeights } from './weightFiles.js';
import type { Weights } from './weightFiles.js';

export interface Model {
  readonly folder: string;
  readonly config: EncoderConfig;
  /** `config.json` as it stands in the folder. */
  readonly rawConfig: Readonly<Record<string, unknown>>;
  /** By Hugging Face state-dict name, as `parameterSpecs` lists them. */
  readonly parameters: Map<string, Float32Array>;
  readonly hasMlmHead: boolean;
  readonly hash: string;
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
  readonly trainingHashes: TrainingHashes | null;
  /** The metadata field whose categories it was trained to tell apart. */
  readonly categoryField: string | null;
}

/** Reads a Hugging Face folder; what is missing or does not fit is named in one sentence. */
export async function readModel(
  folder: string,
  options: { readonly needsMlmHead?: boolean } = {},
): Promise<Model> {
  const { config, rawConfig } = await readModelConfig(folder);
  const weights = await readWeights(folder);
  const find = (name: string): Tensor | undefined => findTensor(config, weights, name);
  const specs = parameterSpecs(config, { mlmHead: true });
  const hasMlmHead = specs.every(({ part, name }) => part === 'encoder' || find(name));
  if (!hasMlmHead && options.needsMlmHead === true) {
    throw failure(
      `The model ${folder} has no masked-language-model head: choose one that was saved as a masked language model.`,
    );
  }
  if (hasMlmHead) checkTied(folder, config, weights);
  const parameters = new Map(
    specs
      .filter(({ part }) => hasMlmHead || part === 'encoder')
      .map((spec) => [spec.name, take(folder, config, weights, spec)]),
  );
  const own = await readModelJson(folder, modelFileNames.notespace);
  return {
    folder,
    config,
    rawConfig,
    parameters,
    hasMlmHead,
    hash: await modelHash(folder),
    maxTokens: longestSequence(config),
    trainingHashes: parseTrainingHashes(own?.['trainingHashes']),
    categoryField: typeof own?.['categoryField'] === 'string' ? own['categoryField'] : null,
  };
}

/** The cheap part of `readModel`: no weights are touched. */
export async function readModelConfig(
  folder: string,
): Promise<{ config: EncoderConfig; rawConfig: Readonly<Record<string, unknown>> }> {
  await checkModelFolder(folder);
  const rawConfig = await readModelJson(folder, modelFileNames.config);
  if (rawConfig === null) throw failure(`The model folder ${folder} lost its config.json.`);
  return { config: parseEncoderConfig(rawConfig), rawConfig };
}

/**
 * Old checkpoints call LayerNorm's parameters gamma and beta, bare encoders have no prefix, and the
 * head's bias may be kept as that of the output matrix.
 */
function spellings(config: EncoderConfig, name: string): string[] {
  const { head } = familyOf(config);
  const bare = name.replace(new RegExp(`^(${prefixes.join('|')})\\.`), '');
  const names = [name, bare, ...prefixes.map((prefix) => `${prefix}.${bare}`)];
  if (name === head.bias) names.push(`${head.decoder}.bias`);
  return names.flatMap((spelling) => [
    spelling,
    spelling.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma'),
    spelling.replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ]);
}

const prefixes = Object.values(families).map(({ prefix }) => prefix);

function findTensor(config: EncoderConfig, weights: Weights, name: string): Tensor | undefined {
  for (const spelling of spellings(config, name)) {
    const tensor = weights.tensors.get(spelling);
    if (tensor !== undefined) return tensor;
  }
  return undefined;
}

function take(
  folder: string,
  config: EncoderConfig,
  weights: Weights,
  spec: ParameterSpec,
): Float32Array {
  const tensor = findTensor(config, weights, spec.name);
  if (tensor === undefined) {
    const type = spellings(config, spec.name)
      .map((name) => weights.others.get(name))
      .find(Boolean);
    throw failure(
      type === undefined
        ? `The model ${folder} lacks the tensor ${spec.name}: its weights do not belong to its config.json.`
        : `The model ${folder} holds ${spec.name} as ${type}: save its weights as F32, F16 or BF16.`,
    );
  }
  if (tensor.shape.join() !== spec.shape.join()) {
    throw failure(
      `The tensor ${spec.name} of the model ${folder} is [${tensor.shape.join(', ')}] where config.json wants [${spec.shape.join(', ')}]: its weights do not belong to its config.json.`,
    );
  }
  if (!holdsNumbers(tensor.data)) {
    throw failure(
      `The tensor ${spec.name} of the model ${folder} holds values that are not numbers: fetch the model again, or choose another one.`,
    );
  }
  return tensor.data;
}

/** A plain loop: asking for each of a hundred million weights would take seconds. */
function holdsNumbers(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
  return zero === 0;
}

/** We train and export the output matrix as the word embeddings; one of its own would be lost. */
function checkTied(folder: string, config: EncoderConfig, weights: Weights): void {
  const name = `${familyOf(config).head.decoder}.weight`;
  const decoder = weights.tensors.get(name);
  const words = findTensor(config, weights, embeddingNames(config).words);
  if (decoder === undefined || words === undefined) return;
  const equal =
    decoder.data.length === words.data.length &&
    decoder.data.every((value, i) => value === words.data[i]);
  if (!equal) {
    throw failure(
      `The model ${folder} has an output matrix of its own (${name}), which is not supported: choose one with tied embeddings.`,
    );
  }
}
