import { failure } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import { isFloat, readFloats } from '../base/storedTensor.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs, wordTable } from '../encoder/declarations.js';
import { familyOf } from '../encoder/familyOf.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { longestSequence } from '../encoder/positions.js';
import { loadSentence } from './denseLayer.js';
import { findStored } from './findStored.js';
import { headState, isTied, outputMatrixName } from './mlmHead.js';
import type { HeadState } from './mlmHead.js';
import { modelHash } from './modelFiles.js';
import { readModelConfig } from './readModelConfig.js';
import type { ModelConfig } from './readModelConfig.js';
import type { LoadedSentence } from './sentenceEmbedding.js';
import { readSentenceEmbedding } from './sentenceTransformers.js';
import { readTrainingRecord } from './trainingRecord.js';
import type { TrainingRecord } from './trainingRecord.js';
import { withWeights } from './weightFiles.js';
import type { Weights } from './weightFiles.js';

export interface Model extends ModelConfig, TrainingRecord {
  readonly folder: string;
  /** By Hugging Face state-dict name, as `parameterSpecs` lists them. */
  readonly parameters: Map<string, Float32Array>;
  /** Whether its masked-language-model head is among the parameters. */
  readonly hasMlmHead: boolean;
  readonly head: HeadState;
  readonly hash: string;
  /** Longest input in tokens that it can be trained on, special tokens included. */
  readonly maxTokens: number;
  readonly sentence: LoadedSentence;
}

/**
 * Reads a Hugging Face folder; throws, in one sentence, if something is missing or does not fit.
 * Reads one tensor after another, and only those that the model has: at most the model and a few
 * megabytes are in memory.
 */
export async function readModel(
  folder: string,
  options: { readonly needsMlmHead?: boolean } = {},
): Promise<Model> {
  const { config, rawConfig } = await readModelConfig(folder);
  const specs = parameterSpecs(config, { mlmHead: true });
  const { head, parameters } = await withWeights(folder, async (weights) => {
    checkOwnWords(folder, config, { rawConfig, weights });
    const state = await headState(config, weights, { specs, isTied: isTied(rawConfig) });
    if (options.needsMlmHead === true && state !== 'usable')
      throw unusableHead(folder, config, state);
    const read = new Map<string, Float32Array>();
    for (const spec of specs) {
      if (state !== 'usable' && spec.part !== 'encoder') continue;
      read.set(spec.name, await take(folder, config, weights, spec));
    }
    return { head: state, parameters: read };
  });
  return {
    folder,
    config,
    rawConfig,
    parameters,
    hasMlmHead: head === 'usable',
    head,
    hash: await modelHash(folder),
    maxTokens: longestSequence(config),
    sentence: await loadSentence(folder, await readSentenceEmbedding(folder, config)),
    ...(await readTrainingRecord(folder)),
  };
}

/** Why a model cannot predict masked tokens, and what to do. */
function unusableHead(
  folder: string,
  config: EncoderConfig,
  head: Exclude<HeadState, 'usable'>,
): UserError {
  const reasons: Record<typeof head, string> = {
    missing: `has no masked-language-model head: choose one that was saved as a masked language model.`,
    untrained: `has a masked-language-model head that was never trained (its norms are all 1 and 0, its biases 0): choose one that was pre-trained as a masked language model, or pre-train this one first.`,
    ownOutput: `has an output matrix of its own (${outputMatrixName(config)}), which is not supported: choose one with tied embeddings.`,
  };
  return failure(`The model ${folder} ${reasons[head]}`);
}

/** If the two are not tied, the output matrix cannot stand for missing word embeddings. */
function checkOwnWords(
  folder: string,
  config: EncoderConfig,
  {
    rawConfig,
    weights,
  }: { readonly rawConfig: ModelConfig['rawConfig']; readonly weights: Weights },
): void {
  if (isTied(rawConfig)) return;
  const { name } = wordTable(config);
  if (
    familyOf(config)
      .spellings(name)
      .some((spelling) => weights.has(spelling))
  )
    return;
  throw missingTensor(folder, name);
}

function missingTensor(folder: string, name: string): UserError {
  return failure(
    `The model ${folder} lacks the tensor ${name}: its weights do not belong to its config.json.`,
  );
}

async function take(
  folder: string,
  config: EncoderConfig,
  weights: Weights,
  { name, shape, mayBeAbsent }: ParameterSpec,
): Promise<Float32Array> {
  const tensor = findStored(config, weights, name);
  if (tensor === undefined) {
    if (mayBeAbsent === true) return new Float32Array(shape[0]!);
    throw missingTensor(folder, name);
  }
  if (!isFloat(tensor)) {
    throw failure(
      `The model ${folder} holds ${name} as ${tensor.dtype}: save its weights as F32, F16 or BF16.`,
    );
  }
  if (tensor.shape.join() !== shape.join()) {
    throw failure(
      `The tensor ${name} of the model ${folder} is [${tensor.shape.join(', ')}] where config.json wants [${shape.join(', ')}]: its weights do not belong to its config.json.`,
    );
  }
  const values = await readFloats(tensor);
  if (!holdsNumbers(values)) {
    throw failure(
      `The tensor ${name} of the model ${folder} holds values that are not numbers: fetch the model again, or choose another one.`,
    );
  }
  return values;
}

/** A plain loop: a callback for each of a hundred million weights would take seconds. */
function holdsNumbers(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
  return zero === 0;
}
