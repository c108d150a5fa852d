/**
 * Held-out masked-token loss of a model, with the same masks for all models with the same
 * tokenizer.
 */
import { failure } from '../base/errors.js';
import type { Document } from '../corpus/document.js';
import { longestSequence } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/declarations.js';
import { mlm } from '../objectives/mlm.js';
import { tokenizeDocuments } from '../tokens/dataset.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { trainingDefaults } from '../train/config.js';
import { measureHeldOut } from '../train/heldOut.js';
import type { Backend } from '../backend/backend.js';
import { microBatchTokens } from '../train/needs.js';
import { heldOutSampler, maskingSettings } from '../train/samplers.js';

export interface MaskedLmOptions {
  /** The device that measures. */
  readonly backend: Backend;
  readonly config: EncoderConfig;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly tokenizer: Tokenizer;
  readonly documents: readonly Document[];
  readonly seed: number;
  readonly threads: number;
  readonly mlmProbability?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { done: number; total: number; unit: string }) => void;
}

export interface MaskedLmScore {
  /** Mean cross-entropy of the masked tokens, in nats. */
  readonly loss: number;
  readonly perplexity: number;
  /** Share of masked tokens that the model ranks first. */
  readonly accuracy: number;
  readonly maskedTokens: number;
}

/** Sequences are cut at this length, or at the model's if that is shorter. */
const windowLength = 512;

export async function evaluateMaskedLm(options: MaskedLmOptions): Promise<MaskedLmScore> {
  const { config, tokenizer, threads, seed, signal, onProgress } = options;
  const specs = parameterSpecs(config, { mlmHead: true });
  if (specs.some(({ name }) => !options.parameters.has(name))) {
    throw failure(
      'The model has no masked-language-model head: choose one that was saved as a masked language model.',
    );
  }
  const { documents } = await tokenizeDocuments(options.documents, tokenizer, signal, () => {
    // Not reported: reading is quick compared with measuring.
  });
  if (documents.length === 0) {
    throw failure('No document to evaluate on holds any text: choose another corpus.');
  }
  const mlmProbability = options.mlmProbability ?? trainingDefaults.mlmProbability;
  const settings = { ...trainingDefaults, mlmProbability };
  const objective = mlm({ config, settings, categories: [] });
  const sampler = heldOutSampler(objective, {
    documents,
    batches: settings,
    masking: maskingSettings(config, tokenizer, settings),
    isWordStart: (id) => tokenizer.isWordStart(id),
    special: tokenizer.special,
    maxLength: Math.min(windowLength, longestSequence(config)),
    microBatchTokens: microBatchTokens(specs, 8192),
    seed,
  });
  const { shapes, stepCapacity } = sampler;
  const { parameters, backend } = options;
  const work = { config, objective, shapes, stepCapacity, lora: null, threads, specs, parameters };
  const { loss, weights, accuracies } = await measureHeldOut(
    await backend.evaluate(work),
    {
      sampler,
      lossWeights: objective.lossWeights,
      compares: false,
      onProgress: (done, total) => onProgress?.({ done, total, unit: 'passages' }),
    },
    { signal },
  );
  return {
    loss,
    perplexity: Math.exp(loss),
    accuracy: accuracies.mlm ?? 0,
    maskedTokens: weights.mlm ?? 0,
  };
}
