/** Held-out masked-token loss of a model, with the same masks for every model of one tokenizer. */
import { failure } from '../base/errors.js';
import type { Document } from '../corpus/document.js';
import { longestSequence } from '../encoder/config.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/parameters.js';
import { mlm } from '../objectives/mlm.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { tokenizeDocuments } from '../train/dataset.js';
import { measureHeldOut } from '../train/heldOut.js';
import type { ParameterFeeds } from '../train/heldOut.js';
import { microBatchTokens } from '../train/plan.js';

export interface MaskedLmOptions {
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

/** Sequences are cut at this length, or at the model's where that is shorter. */
const windowLength = 512;

export async function evaluateMaskedLm(options: MaskedLmOptions): Promise<MaskedLmScore> {
  const { config, tokenizer, threads, signal, onProgress } = options;
  const maxLength = Math.min(windowLength, longestSequence(config));
  const specs = parameterSpecs(config, { mlmHead: true });
  const feeds: ParameterFeeds = Object.fromEntries(
    specs.map(({ name, shape }) => {
      const data = options.parameters.get(name);
      if (data !== undefined) return [name, { dtype: 'float32', data, shape }];
      throw failure(
        'The model has no masked-language-model head: choose one that was saved as a masked language model.',
      );
    }),
  );
  const dataset = await tokenizeDocuments(options.documents, tokenizer, maxLength, signal, () => {
    // Reading is quick beside measuring.
  });
  if (dataset.windows.length === 0) {
    throw failure('No document to evaluate on holds any text: choose another corpus.');
  }
  const { loss, accuracy, maskedTokens } = await measureHeldOut(
    {
      objective: mlm,
      config,
      dataset,
      masking: {
        mlmProbability: options.mlmProbability ?? 0.15,
        vocabularySize: config.vocabularySize,
        maskId: tokenizer.special.mask,
        specialIds: tokenizer.specialIds,
      },
      microBatchTokens: microBatchTokens(specs, 8192),
      maxLength,
      seed: options.seed,
      threads,
    },
    feeds,
    {
      signal,
      pauseGate: undefined,
      onProgress: (done) => onProgress?.({ done, total: dataset.windows.length, unit: 'passages' }),
    },
  );
  return { loss, perplexity: Math.exp(loss), accuracy, maskedTokens };
}
