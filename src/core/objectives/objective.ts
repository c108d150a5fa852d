/**
 * What an objective is to the trainer. It says which sequences each step reads (a sampler) and what
 * their hidden states pay for: losses inside the graph of a micro-batch, each with targets of its own, and
 * a loss that compares all sequences of a step. The graph is built from these parts, the same way for
 * every objective.
 */
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import type { LossWeights, ObjectiveOptions } from '../../protocol/catalogue/training.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { Loss } from './loss.js';
import type { BatchSettings, Sampler, SamplerSetup } from './sampling/sampler.js';
import type { StepLoss } from './stepLoss.js';

/** The part of a training configuration that objectives read. */
export interface ObjectiveSettings extends BatchSettings, ObjectiveOptions {
  /** `null`: those of the objective. */
  readonly lossWeights: LossWeights | null;
}

/** The parts of an objective that its graphs are made of. */
export interface ObjectiveParts {
  /** Those of weight 0 are left out. */
  readonly losses: readonly Loss[];
  readonly stepLoss: StepLoss | null;
}

export interface Objective extends ObjectiveParts {
  readonly name: ObjectiveName;
  /** Total loss = sum of weight x loss; a loss of weight 0 is not computed. */
  readonly lossWeights: LossWeights;
  createSampler(setup: SamplerSetup): Sampler;
  /** For the plan of a run, before its first step. */
  describe(documents: readonly CategorisedDocument[]): ObjectiveOutlook;
}

export interface ObjectiveOutlook {
  /** Training documents by category, the most frequent first; `null` for objectives without. */
  readonly categories: readonly CategoryCount[] | null;
  /** What would be better otherwise, one sentence each. */
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
  /** Of the training documents, the most frequent first; empty where they have none. */
  readonly categories: readonly CategoryCount[];
}

export type CreateObjective = (setup: ObjectiveSetup) => Objective;
