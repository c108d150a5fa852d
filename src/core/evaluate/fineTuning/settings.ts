/** How a classifier is fine-tuned. */
import { usageError } from '../../base/errors.js';
import type { TrainingConfig } from '../../train/config.js';
import { parseTrainingConfig, trainingDefaults } from '../../train/config.js';

/** Those of training that apply, with the same meanings, and what only a classifier has. */
export type FineTuningSettings = Pick<
  TrainingConfig,
  | 'learningRate'
  | 'learningRateSchedule'
  | 'warmupSteps'
  | 'warmupRatio'
  | 'weightDecay'
  | 'adamBeta1'
  | 'adamBeta2'
  | 'adamEpsilon'
  | 'maxGradNorm'
  | 'epochs'
  | 'maxSteps'
  | 'batchDocuments'
  | 'gradientAccumulationSteps'
  | 'maxLength'
  | 'freezeEmbeddings'
  | 'frozenLayers'
  | 'lora'
> & {
  /** Highest learning rate of the head; `null`: `learningRate`. */
  readonly headLearningRate: number | null;
  /** `balanced`: rare classes count as much as frequent ones. */
  readonly classWeights: 'equal' | 'balanced';
  /** Steps between scores on the validation documents; `null`: an epoch, and at least 10 steps. */
  readonly evalSteps: number | null;
  /** Scores without improvement after which training ends; `null`: never. */
  readonly earlyStoppingPatience: number | null;
};

/**
 * The paper's classifier: 2e-5, 32 documents, at most 30 epochs (Taylor et al., 2024, its code); it
 * scored on its validation set and did not stop early. The head has a rate of its own, since a new
 * one learns little at the encoder's (docs/decisions.md).
 */
export const fineTuningDefaults: FineTuningSettings = {
  learningRate: 2e-5,
  learningRateSchedule: 'linear',
  warmupSteps: null,
  warmupRatio: trainingDefaults.warmupRatio,
  weightDecay: trainingDefaults.weightDecay,
  adamBeta1: trainingDefaults.adamBeta1,
  adamBeta2: trainingDefaults.adamBeta2,
  adamEpsilon: trainingDefaults.adamEpsilon,
  maxGradNorm: trainingDefaults.maxGradNorm,
  epochs: 30,
  maxSteps: null,
  batchDocuments: 32,
  gradientAccumulationSteps: 1,
  maxLength: null,
  freezeEmbeddings: false,
  frozenLayers: 0,
  lora: null,
  headLearningRate: 1e-3,
  classWeights: 'equal',
  evalSteps: null,
  earlyStoppingPatience: 5,
};

const ownSettings = [
  'headLearningRate',
  'classWeights',
  'evalSteps',
  'earlyStoppingPatience',
] as const;

/**
 * Settings as they are written in a file.
 *
 * @throws UserError that names a setting that fine-tuning does not have, or a value it cannot take
 */
export function parseFineTuningSettings(
  given: Readonly<Record<string, unknown>>,
): Partial<FineTuningSettings> {
  const names = Object.keys(fineTuningDefaults);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw usageError(`Fine-tuning has no setting "${unknown}": it has ${names.join(', ')}.`);
  }
  const isOwn = (name: string): boolean => ownSettings.some((own) => own === name);
  const shared = Object.fromEntries(Object.entries(given).filter(([name]) => !isOwn(name)));
  const parsed: Readonly<Record<string, unknown>> = { ...parseTrainingConfig(shared) };
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => isOwn(name)));
  checkOwn(own);
  return { ...Object.fromEntries(Object.keys(shared).map((name) => [name, parsed[name]])), ...own };
}

function checkOwn(own: Readonly<Record<string, unknown>>): void {
  const { headLearningRate = null, classWeights = 'equal' } = own;
  if (
    headLearningRate !== null &&
    !(typeof headLearningRate === 'number' && headLearningRate > 0)
  ) {
    throw usageError('headLearningRate must be a number above 0, or null for the learning rate.');
  }
  if (classWeights !== 'equal' && classWeights !== 'balanced') {
    throw usageError('classWeights must be "equal" or "balanced".');
  }
  for (const name of ['evalSteps', 'earlyStoppingPatience'] as const) {
    const value = own[name] ?? null;
    if (value !== null && !(Number.isInteger(value) && (value as number) >= 1)) {
      throw usageError(`${name} must be a whole number of 1 or more, or null.`);
    }
  }
}
