/** How to train: Hugging Face's names in camelCase, and their meanings. */
import { usageError } from '../base/errors.js';
import { loraModules } from '../encoder/lora.js';
import type { LoraSettings } from '../encoder/lora.js';
import type { ObjectiveSettings } from '../objectives/objective.js';
import { count, mapOf, number, oneOf, orNull, record, someOf, switchable } from './configRules.js';
import type { Rule } from './configRules.js';

export interface TrainingConfig extends ObjectiveSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamEpsilon: number;
  readonly maxGradNorm: number;
  readonly learningRateSchedule: 'linear' | 'cosine' | 'constant';
  /** `null`: `warmupRatio` of all steps. */
  readonly warmupSteps: number | null;
  readonly warmupRatio: number;
  readonly epochs: number;
  /** Ends the run earlier, or later, than `epochs` would; `null`: `epochs` decides. */
  readonly maxSteps: number | null;
  /** `null`: what the model can take. */
  readonly maxLength: number | null;
  readonly heldOutFraction: number;
  readonly heldOutTokens: number;
  /** `null`: only before and after. */
  readonly evalSteps: number | null;
  /** `null`: the run goes on to its last step. */
  readonly earlyStoppingPatience: number | null;
  readonly earlyStoppingThreshold: number;
  readonly saveSteps: number;
  readonly saveTotalLimit: number;
  readonly freezeEmbeddings: boolean;
  readonly frozenLayers: number;
  readonly lora: LoraSettings | null;
  readonly headWarmupSteps: number;
}

interface Field<T> {
  readonly initial: T;
  readonly rule: Rule;
  readonly description: string;
}

const field = <T>(initial: T, rule: Rule, description: string): Field<T> => ({
  initial,
  rule,
  description,
});

const loraDefaults: LoraSettings = {
  rank: 8,
  alpha: 16,
  dropout: 0.05,
  modules: ['query', 'value'],
};

const fields: { readonly [K in keyof TrainingConfig]: Field<TrainingConfig[K]> } = {
  learningRate: field(1e-4, number(1e-9, 1), 'Highest learning rate of AdamW.'),
  weightDecay: field(0.01, number(0, 1), 'Not applied to biases and LayerNorm.'),
  adamBeta1: field(0.9, number(0, 0.9999), 'Decay of the mean of gradients.'),
  adamBeta2: field(0.999, number(0, 0.999999), 'Decay of the mean of squared gradients.'),
  adamEpsilon: field(1e-8, number(1e-12, 1), 'Keeps the division by small gradients in bounds.'),
  maxGradNorm: field(1, number(1e-6, 1e6), 'Gradients are clipped to this global norm.'),
  learningRateSchedule: field(
    'linear',
    oneOf('linear', 'cosine', 'constant'),
    'How the learning rate falls after the warm-up.',
  ),
  warmupSteps: field(
    null,
    orNull(count(0)),
    'Steps over which the learning rate rises; null: warmupRatio of all steps.',
  ),
  warmupRatio: field(0.06, number(0, 1), 'Share of the steps over which the learning rate rises.'),
  epochs: field(3, number(0.001, 1e6), 'Passes over the training documents.'),
  maxSteps: field(null, orNull(count(1)), 'Steps of the run; null: as many as the epochs take.'),
  batchTokens: field(4096, count(32), 'Tokens of a batch, padding included.'),
  batchSequences: field(
    null,
    orNull(count(1)),
    'Sequences of a batch, instead of batchTokens; null: batchTokens decides.',
  ),
  batchDocuments: field(
    32,
    count(2),
    'Documents of a batch, for objectives that compare documents with each other.',
  ),
  gradientAccumulationSteps: field(1, count(1), 'Batches of a step.'),
  maxLength: field(
    null,
    orNull(count(8)),
    'Longest sequence in tokens, special ones included; null: what the model can take.',
  ),
  heldOutFraction: field(
    0.1,
    number(0.001, 0.9),
    'Share of the documents that is held out, where the corpus has no split of its own.',
  ),
  heldOutTokens: field(50_000, count(1), 'The held-out loss is taken over about this many tokens.'),
  evalSteps: field(
    null,
    orNull(count(1)),
    'Steps between held-out losses; null: only before and after.',
  ),
  earlyStoppingPatience: field(
    null,
    orNull(count(1)),
    'Held-out losses without improvement after which the run ends with its best model; needs evalSteps. null: never.',
  ),
  earlyStoppingThreshold: field(
    0,
    number(0, 100),
    'By how much a held-out loss must fall to be an improvement.',
  ),
  saveSteps: field(100, count(1), 'Steps between checkpoints.'),
  saveTotalLimit: field(2, count(1), 'Checkpoints that are kept.'),
  freezeEmbeddings: field(false, switchable, 'Leaves the tables of embeddings as they are.'),
  frozenLayers: field(0, count(0), 'How many of the lowest layers are left as they are.'),
  lora: field(
    null,
    orNull(
      record<LoraSettings>(loraDefaults, {
        rank: count(1),
        alpha: number(1e-3, 1e4),
        dropout: number(0, 0.9),
        modules: someOf(...loraModules),
      }),
    ),
    'Trains low-rank additions to these matrices and nothing else of the encoder; null: trains the matrices themselves.',
  ),
  headWarmupSteps: field(
    100,
    count(1),
    'Steps that train a new masked-language-model head alone, where the base model comes without one.',
  ),
  lossWeights: field(
    null,
    orNull(mapOf(['mlm', 'ntXent', 'category'], number(0, 1000))),
    "Weight of each loss in the sum; null: the objective's own.",
  ),
  mlmProbability: field(0.15, number(0.01, 0.8), 'Share of the tokens that is predicted.'),
  wholeWordMasking: field(false, switchable, 'Masks all tokens of a word together.'),
  anchorsPerDocument: field(2, count(1), 'Anchor spans that DeCLUTR draws from a document.'),
  positivesPerAnchor: field(2, count(1), 'Positive spans that DeCLUTR draws for an anchor.'),
  samplingStrategy: field(
    'any',
    oneOf('any', 'adjacent', 'subsuming'),
    'Where positives lie: anywhere near the anchor, beside it, or inside it.',
  ),
  temperature: field(0.05, number(1e-3, 10), 'Of NT-Xent.'),
  categoryLoss: field(
    'cross-entropy',
    oneOf('cross-entropy', 'sup-con'),
    'How categories are learned: by a classifier, or by supervised contrast.',
  ),
  categoryTemperature: field(0.1, number(1e-3, 10), 'Of the supervised contrastive loss.'),
  categoryWeights: field(
    'equal',
    oneOf('equal', 'balanced'),
    'Whether rare categories count as much as frequent ones (balanced) or each note does (equal).',
  ),
};

const names = Object.keys(fields) as (keyof TrainingConfig)[];

export const trainingDefaults = Object.fromEntries(
  names.map((name) => [name, fields[name].initial]),
) as unknown as TrainingConfig;

/** Completes `value`, an object of overrides, with the defaults. */
export function parseTrainingConfig(value: unknown): TrainingConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError('The training configuration must be a JSON object.');
  }
  const parsed: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (!Object.hasOwn(fields, key)) {
      throw usageError(`The training configuration has no "${key}": use ${names.join(', ')}.`);
    }
    const { rule } = fields[key as keyof TrainingConfig];
    if (!rule.accepts(entry)) {
      throw usageError(`In the training configuration "${key}" must be ${rule.wanted}.`);
    }
    parsed[key] = rule.complete(entry);
  }
  const config = { ...trainingDefaults, ...parsed };
  if (config.earlyStoppingPatience !== null && config.evalSteps === null) {
    throw usageError(
      'In the training configuration "earlyStoppingPatience" needs "evalSteps" too.',
    );
  }
  return config;
}

/** JSON Schema of the overrides, for completion in an editor. */
export function trainingConfigSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Notespace training configuration',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      names.map((name) => {
        const { initial, rule, description } = fields[name];
        return [name, { description, default: initial, ...rule.schema }];
      }),
    ),
  };
}
