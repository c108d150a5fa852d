/** Creates samplers for training and held-out documents. */
import { createRandom } from '../base/random.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { MaskingSettings } from '../objectives/sampling/masking.js';
import type { Objective } from '../objectives/objective.js';
import type { Sampler, SamplerSetup } from '../objectives/sampling/sampler.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { TrainingConfig } from './config.js';

/** Uses a separate random stream from training. */
export function heldOutSampler(objective: Objective, setup: SamplerSetup): Sampler {
  const seed = createRandom(setup.seed, 'held-out').integer(2 ** 32);
  return objective.createSampler({ ...setup, seed });
}

export function maskingSettings(
  config: EncoderConfig,
  tokenizer: Tokenizer,
  { mlmProbability, wholeWordMasking }: Pick<TrainingConfig, 'mlmProbability' | 'wholeWordMasking'>,
): MaskingSettings {
  return {
    mlmProbability,
    vocabularySize: config.vocabularySize,
    maskId: tokenizer.special.mask,
    specialIds: tokenizer.specialIds,
    isWordStart: wholeWordMasking ? (id) => tokenizer.isWordStart(id) : null,
  };
}
