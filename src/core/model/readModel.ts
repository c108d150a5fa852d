import { join } from 'node:path';
import { failure } from '../base/errors.js';
import { readSafetensors } from '../base/safetensors.js';
import type { SafetensorsFile, Tensor } from '../base/safetensors.js';
import { parseEncoderConfig } from '../encoder/config.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/parameters.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { checkModelFolder, modelFileNames, modelHash, readModelJson } from './modelFiles.js';
import { parseTrainingHashes } from './trainingHashes.js';
import type { TrainingHashes } from './trainingHashes.js';

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
}

/** Reads a Hugging Face folder; what is missing or does not fit is named in one sentence. */
export async function readModel(
  folder: string,
  options: { readonly needsMlmHead?: boolean } = {},
): Promise<Model> {
  const { config, rawConfig } = await readModelConfig(folder);
  const weights = await readSafetensors(join(folder, modelFileNames.weights));
  const encoderSpecs = parameterSpecs(config, { mlmHead: false });
  const encoderNames = new Set(encoderSpecs.map((spec) => spec.name));
  const headSpecs = parameterSpecs(config, { mlmHead: true }).filter(
    (spec) => !encoderNames.has(spec.name),
  );
  const hasMlmHead = headSpecs.every((spec) => findTensor(weights, spec.name) !== undefined);
  if (!hasMlmHead && options.needsMlmHead === true) {
    throw failure(
      `The model ${folder} has no masked-language-model head: choose one that was saved as a masked language model.`,
    );
  }
  if (hasMlmHead) checkTied(folder, weights);
  const specs = hasMlmHead ? [...encoderSpecs, ...headSpecs] : encoderSpecs;
  const parameters = new Map(specs.map((spec) => [spec.name, take(folder, weights, spec)]));
  const own = await readModelJson(folder, modelFileNames.notespace);
  return {
    folder,
    config,
    rawConfig,
    parameters,
    hasMlmHead,
    hash: await modelHash(folder),
    maxTokens: maxTokensOf(config),
    trainingHashes: parseTrainingHashes(own?.['trainingHashes']),
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

/** RoBERTa counts positions from its padding index + 1, so that 514 positions are 512 tokens. */
export function maxTokensOf(config: EncoderConfig): number {
  return config.modelType === 'roberta'
    ? config.maxPositionEmbeddings - config.padTokenId - 1
    : config.maxPositionEmbeddings;
}

/** Old checkpoints call LayerNorm's parameters gamma and beta, and bare encoders have no prefix. */
function spellings(name: string): string[] {
  const bare = name.replace(/^(roberta|bert)\./, '');
  const names = [name, bare, `roberta.${bare}`, `bert.${bare}`];
  if (name === 'lm_head.bias') names.push('lm_head.decoder.bias');
  return names.flatMap((spelling) => [
    spelling,
    spelling.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma'),
    spelling.replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ]);
}

function findTensor(weights: SafetensorsFile, name: string): Tensor | undefined {
  for (const spelling of spellings(name)) {
    const tensor = weights.tensors.get(spelling);
    if (tensor !== undefined) return tensor;
  }
  return undefined;
}

function take(folder: string, weights: SafetensorsFile, spec: ParameterSpec): Float32Array {
  const tensor = findTensor(weights, spec.name);
  if (tensor === undefined) {
    const type = spellings(spec.name)
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
  return tensor.data;
}

/** We train and export the output matrix as the word embeddings; one of its own would be lost. */
function checkTied(folder: string, weights: SafetensorsFile): void {
  const decoder = weights.tensors.get('lm_head.decoder.weight');
  const words = findTensor(weights, 'roberta.embeddings.word_embeddings.weight');
  if (decoder === undefined || words === undefined) return;
  const equal =
    decoder.data.length === words.data.length &&
    decoder.data.every((value, i) => value === words.data[i]);
  if (!equal) {
    throw failure(
      `The model ${folder} has an output matrix of its own (lm_head.decoder.weight), which is not supported: choose one with tied embeddings.`,
    );
  }
}
