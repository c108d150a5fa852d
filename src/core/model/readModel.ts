import { failure } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs, wordTable } from '../encoder/declarations.js';
import { familyOf } from '../encoder/familyOf.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { longestSequence } from '../encoder/positions.js';
import { findStored, hasWholeHead } from './findStored.js';
import { modelHash } from './modelFiles.js';
import { readModelConfig } from './readModelConfig.js';
import type { ModelConfig } from './readModelConfig.js';
import { readTrainingRecord } from './trainingRecord.js';
import type { TrainingRecord } from './trainingRecord.js';
import { readWeights } from './weightFiles.js';
import type { Weights } from './weightFiles.js';

export interface Model extends ModelConfig, TrainingRecord {
  readonly folder: string;
  /** By Hugging Face state-dict name, as `parameterSpecs` lists them. */
  readonly parameters: Map<string, Float32Array>;
  readonly hasMlmHead: boolean;
  readonly hash: string;
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
}

/**
 * Reads a Hugging Face folder; throws, in one sentence, if something is missing or does not fit.
 */
export async function readModel(
  folder: string,
  options: { readonly needsMlmHead?: boolean } = {},
): Promise<Model> {
  const { config, rawConfig } = await readModelConfig(folder);
  const weights = await readWeights(folder);
  const specs = parameterSpecs(config, { mlmHead: true });
  const hasMlmHead = hasWholeHead(config, weights.tensors, specs);
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
  return {
    folder,
    config,
    rawConfig,
    parameters,
    hasMlmHead,
    hash: await modelHash(folder),
    maxTokens: longestSequence(config),
    ...(await readTrainingRecord(folder)),
  };
}

function take(
  folder: string,
  config: EncoderConfig,
  weights: Weights,
  spec: ParameterSpec,
): Float32Array {
  const tensor = findStored(config, weights.tensors, spec.name);
  if (tensor === undefined) {
    const type = findStored(config, weights.others, spec.name);
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

/** A plain loop: a callback for each of a hundred million weights would take seconds. */
function holdsNumbers(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
  return zero === 0;
}

/** We train and export the output matrix as the word embeddings; a separate one would be lost. */
function checkTied(folder: string, config: EncoderConfig, weights: Weights): void {
  const name = familyOf(config).outputMatrix;
  const decoder = weights.tensors.get(name);
  const words = findStored(config, weights.tensors, wordTable(config).name);
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
