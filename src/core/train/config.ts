/** How to train: Hugging Face's names in camelCase, and their meanings. */
import { usageError } from '../base/errors.js';

export interface TrainingConfig {
  readonly learningRate: number;
  /** Not applied to biases and LayerNorm. */
  readonly weightDecay: number;
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamEpsilon: number;
  /** Gradients are clipped to this global norm. */
  readonly maxGradNorm: number;
  readonly learningRateSchedule: 'linear' | 'cosine' | 'constant';
  /** `null`: `warmupRatio` of all steps. */
  readonly warmupSteps: number | null;
  readonly warmupRatio: number;
  /** Passes over the training documents. */
  readonly epochs: number;
  /** Ends the run earlier, or later, than `epochs` would; `null`: `epochs` decides. */
  readonly maxSteps: number | null;
  /** Tokens of a batch, padding included. */
  readonly batchTokens: number;
  /** Sequences of a batch, instead of `batchTokens`. */
  readonly batchSequences: number | null;
  /** Batches of a step. */
  readonly gradientAccumulationSteps: number;
  /** Longest sequence in tokens, special ones included; `null`: what the model can take. */
  readonly maxLength: number | null;
  readonly mlmProbability: number;
  /** Share of the documents that is held out, where the corpus has no split of its own. */
  readonly heldOutFraction: number;
  /** The held-out loss is taken over about this many tokens. */
  readonly heldOutTokens: number;
  /** Steps between held-out losses; `null`: only before and after. */
  readonly evalSteps: number | null;
  /** Steps between checkpoints. */
  readonly saveSteps: number;
  /** Checkpoints that are kept. */
  readonly saveTotalLimit: number;
}

export const trainingDefaults: TrainingConfig = {
  learningRate: 1e-4,
  weightDecay: 0.01,
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
  maxGradNorm: 1,
  learningRateSchedule: 'linear',
  warmupSteps: null,
  warmupRatio: 0.06,
  epochs: 3,
  maxSteps: null,
  batchTokens: 4096,
  batchSequences: null,
  gradientAccumulationSteps: 1,
  maxLength: null,
  mlmProbability: 0.15,
  heldOutFraction: 0.1,
  heldOutTokens: 50_000,
  evalSteps: null,
  saveSteps: 100,
  saveTotalLimit: 2,
};

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly wanted: string;
}

const number = (from: number, to: number, wanted: string): Rule => ({
  accepts: (value) => typeof value === 'number' && value >= from && value <= to,
  wanted,
});
const count = (from: number): Rule => ({
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= from,
  wanted: `a whole number of at least ${from}`,
});
const orNull = (rule: Rule): Rule => ({
  accepts: (value) => value === null || rule.accepts(value),
  wanted: `${rule.wanted}, or null`,
});
const schedules: readonly unknown[] = ['linear', 'cosine', 'constant'];

const rules: Readonly<Record<keyof TrainingConfig, Rule>> = {
  learningRate: number(1e-9, 1, 'a number between 1e-9 and 1'),
  weightDecay: number(0, 1, 'a number between 0 and 1'),
  adamBeta1: number(0, 0.9999, 'a number between 0 and 0.9999'),
  adamBeta2: number(0, 0.999999, 'a number between 0 and 0.999999'),
  adamEpsilon: number(1e-12, 1, 'a number between 1e-12 and 1'),
  maxGradNorm: number(1e-6, 1e6, 'a number between 1e-6 and 1e6'),
  learningRateSchedule: {
    accepts: (value) => schedules.includes(value),
    wanted: '"linear", "cosine" or "constant"',
  },
  warmupSteps: orNull(count(0)),
  warmupRatio: number(0, 1, 'a number between 0 and 1'),
  epochs: number(0.001, 1e6, 'a number above 0'),
  maxSteps: orNull(count(1)),
  batchTokens: count(32),
  batchSequences: orNull(count(1)),
  gradientAccumulationSteps: count(1),
  maxLength: orNull(count(8)),
  mlmProbability: number(0.01, 0.8, 'a number between 0.01 and 0.8'),
  heldOutFraction: number(0.001, 0.9, 'a number between 0.001 and 0.9'),
  heldOutTokens: count(1),
  evalSteps: orNull(count(1)),
  saveSteps: count(1),
  saveTotalLimit: count(1),
};

/** Completes `value`, an object of overrides, with the defaults. */
export function parseTrainingConfig(value: unknown): TrainingConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError('The training configuration must be a JSON object.');
  }
  for (const [key, entry] of Object.entries(value)) {
    if (!Object.hasOwn(rules, key)) {
      throw usageError(
        `The training configuration has no "${key}": use ${Object.keys(rules).join(', ')}.`,
      );
    }
    const rule = rules[key as keyof TrainingConfig];
    if (!rule.accepts(entry)) {
      throw usageError(`In the training configuration "${key}" must be ${rule.wanted}.`);
    }
  }
  return { ...trainingDefaults, ...value };
}
