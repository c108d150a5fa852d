/** Decides which parameters a run holds and which of them it trains. */
import { failure, usageError } from '../base/errors.js';
import { createRandom } from '../base/random.js';
import type { EncoderConfig } from '../encoder/config.js';
import { loraSpecs, parameterSpecs } from '../encoder/declarations.js';
import type { LoraSettings } from '../encoder/lora.js';
import { initialParameters } from '../encoder/parameters.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { usesMlmHead } from '../objectives/loss.js';
import type { ObjectiveParts } from '../objectives/objective.js';
import type { TrainingConfig } from './config.js';

/**
 * Parameters that a run holds, whichever stage: those of the encoder, the masked-language-model head
 * if any objective predicts, the objectives' own, and low-rank factors.
 */
export function specsOfStages(
  config: EncoderConfig,
  objectives: readonly Pick<ObjectiveParts, 'losses'>[],
  lora: LoraSettings | null,
): ParameterSpec[] {
  const losses = new Map(
    objectives.flatMap((each) => each.losses.map((loss) => [loss.name, loss] as const)),
  );
  return specsOfRun(config, { losses: [...losses.values()] }, lora);
}

/** Parameters that one objective reads. */
export function specsOfRun(
  config: EncoderConfig,
  { losses }: Pick<ObjectiveParts, 'losses'>,
  lora: LoraSettings | null,
): ParameterSpec[] {
  return [
    ...parameterSpecs(config, { mlmHead: usesMlmHead(losses) }),
    ...losses.flatMap(({ parameters }) => parameters),
    ...(lora === null ? [] : loraSpecs(config, lora)),
  ];
}

export function checkParameters(
  specs: readonly ParameterSpec[],
  parameters: ReadonlyMap<string, Float32Array>,
): void {
  for (const { name, part } of specs) {
    if (parameters.has(name)) continue;
    throw failure(
      part === 'mlmHead'
        ? 'The model has no masked-language-model head: choose one that was saved as a masked language model.'
        : `The model lacks the parameter ${name}: choose a complete one.`,
    );
  }
}

/** Adds initial values for the run's own parameters: its objective's heads and low-rank factors. */
export function withAdditions(
  parameters: ReadonlyMap<string, Float32Array>,
  config: EncoderConfig,
  specs: readonly ParameterSpec[],
  seed: number,
): Map<string, Float32Array> {
  const added = specs.filter(
    ({ name, part }) => (part === 'objective' || part === 'lora') && !parameters.has(name),
  );
  return new Map([...parameters, ...initialParameters(added, config, createRandom(seed, 'added'))]);
}

/**
 * Applies the settings: lower layers and embeddings may be frozen; low-rank adaptation freezes all
 * of the base model's parameters.
 *
 * @param newHead whether the masked-language-model head is new and so must be trained
 */
export function isTrainedBy(
  training: Pick<TrainingConfig, 'frozenLayers' | 'freezeEmbeddings' | 'lora'>,
  config: EncoderConfig,
  newHead: boolean,
): (spec: ParameterSpec) => boolean {
  const { frozenLayers, freezeEmbeddings, lora } = training;
  if (frozenLayers > config.hiddenLayers) {
    throw usageError(
      `In the training configuration "frozenLayers" is ${frozenLayers} and the model has ${config.hiddenLayers} layers: lower it.`,
    );
  }
  const isAbove = (layer: number | null): boolean =>
    layer === null ? !freezeEmbeddings : layer >= frozenLayers;
  return ({ layer, part }) => {
    switch (part) {
      case 'objective':
        return true;
      case 'mlmHead':
        return lora === null || newHead;
      case 'encoder':
        return lora === null && isAbove(layer);
      case 'lora':
        return isAbove(layer);
    }
  };
}
