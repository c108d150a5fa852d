/** Which parameters a run holds, and which of them it trains. */
import { failure, usageError } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/parameters.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { Objective } from '../objectives/objective.js';
import type { TrainingConfig } from './config.js';

/** The encoder, the masked-language-model head where it is used, and the objective's own heads. */
export function heldSpecs(config: EncoderConfig, objective: Objective): ParameterSpec[] {
  const mlmHead = (objective.lossWeights.mlm ?? 0) > 0;
  return [...parameterSpecs(config, { mlmHead }), ...objective.headSpecs];
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

/** By the settings that freeze lower layers and embeddings. */
export function isTrainedBy(
  training: TrainingConfig,
  config: EncoderConfig,
): (spec: ParameterSpec) => boolean {
  const { frozenLayers, freezeEmbeddings } = training;
  if (frozenLayers > config.hiddenLayers) {
    throw usageError(
      `In the training configuration "frozenLayers" is ${frozenLayers} and the model has ${config.hiddenLayers} layers: lower it.`,
    );
  }
  return ({ name, part }) => {
    if (part !== 'encoder') return true;
    const layer = /\.encoder\.layer\.(\d+)\./.exec(name)?.[1];
    return layer === undefined ? !freezeEmbeddings : Number(layer) >= frozenLayers;
  };
}
