/** How a classifier is fine-tuned. */
import type { TrainingConfig } from '../../train/config.js';
import { trainingDefaults } from '../../train/config.js';

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
 * scored on its validation set and did not stop early.
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
  headLearningRate: null,
  classWeights: 'equal',
  evalSteps: null,
  earlyStoppingPatience: 5,
};
