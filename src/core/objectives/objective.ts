/**
 * The trainer's view of an objective: a sampler that chooses the sequences of each step, and
 * losses. Losses inside a micro-batch's graph have their own targets; a step loss compares all
 * sequences of a step. Graphs are built from these parts in the same way for every objective.
 */
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import type { LossWeights, ObjectiveOptions } from '../../protocol/catalogue/training.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { Loss } from './loss.js';
import type { BatchSettings, Sampler, SamplerSetup } from './sampling/sampler.js';
import type { StepLoss } from './stepLoss.js';

/** The part of a training configuration that objectives read. */
export interface ObjectiveSettings extends BatchSettings, ObjectiveOptions {
  /** `null`: the objective's defaults. */
  readonly lossWeights: LossWeights | null;
}

/** The parts from which an objective's graphs are built. */
export interface ObjectiveParts {
  /** Losses with a weight above 0. */
  readonly losses: readonly Loss[];
  readonly stepLoss: StepLoss | null;
}

export interface Objective extends ObjectiveParts {
  readonly name: ObjectiveName;
  /** Total loss = sum of weight x loss; a loss with weight 0 is not computed. */
  readonly lossWeights: LossWeights;
  createSampler(setup: SamplerSetup): Sampler;
  /**
   * What is learned before this one, as a stage of its own with its own sampler and learning rates;
   * absent: nothing. Held-out losses are this objective's throughout.
   */
  readonly first?: Objective;
  /** For a run's plan, before its first step. */
  describe(documents: readonly CategorisedDocument[]): ObjectiveOutlook;
}

export interface ObjectiveOutlook {
  /**
   * Training documents by category, most frequent first; `null` for objectives without categories.
   */
  readonly categories: readonly CategoryCount[] | null;
  /** Suggested improvements, one sentence each. */
  readonly advice: readonly string[];
}

export interface CategorisedDocument {
  readonly category: string | null;
}

export interface CategoryCount {
  readonly name: string;
  readonly documents: number;
}

export interface ObjectiveSetup {
  readonly config: EncoderConfig;
  readonly settings: ObjectiveSettings;
  /** Categories of the training documents, most frequent first; empty if there are none. */
  readonly categories: readonly CategoryCount[];
}

export type CreateObjective = (setup: ObjectiveSetup) => Objective;
