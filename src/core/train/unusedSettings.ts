/** Which settings a run does not read, so that nobody waits for what they do. */
import type { LossName, ObjectiveName } from '../objectives/objective.js';
import type { TrainingConfig } from './config.js';

/** What decides beside the settings themselves. */
export interface RunFacts {
  readonly objective: ObjectiveName;
  /** The longest sequence that the model takes. */
  readonly window: number;
  readonly hasMlmHead: boolean;
  /** Whether the corpus says itself which notes are held out. */
  readonly hasOwnSplit: boolean;
}

interface Use extends RunFacts {
  readonly config: TrainingConfig;
}

const weighs = ({ config }: Use, loss: LossName): boolean => config.lossWeights?.[loss] !== 0;
const predicts = (use: Use): boolean => weighs(use, 'mlm');

const isDeclutr = ({ objective }: Use): boolean => objective === 'declutr';
const compares = (use: Use): boolean => isDeclutr(use) && weighs(use, 'ntXent');
const learnsCategories = (use: Use): boolean =>
  use.objective === 'note-category' && weighs(use, 'category');
const contrastsCategories = (use: Use): boolean =>
  learnsCategories(use) && use.config.categoryLoss === 'sup-con';
const comparesDocuments = (use: Use): boolean => isDeclutr(use) || contrastsCategories(use);

/** Settings that some runs read and others do not. */
const readers: { readonly [K in keyof TrainingConfig]?: (use: Use) => boolean } = {
  batchSequences: (use) => !comparesDocuments(use),
  batchDocuments: comparesDocuments,
  anchorsPerDocument: isDeclutr,
  positivesPerAnchor: compares,
  samplingStrategy: compares,
  temperature: compares,
  maxLength: ({ config, window }) => config.maxLength === null || config.maxLength < window,
  mlmProbability: predicts,
  wholeWordMasking: predicts,
  headWarmupSteps: (use) => predicts(use) && !use.hasMlmHead,
  categoryLoss: learnsCategories,
  categoryWeights: learnsCategories,
  categoryTemperature: contrastsCategories,
  freezeEmbeddings: ({ config }) => config.lora === null,
  heldOutFraction: ({ hasOwnSplit }) => !hasOwnSplit,
  warmupRatio: ({ config }) => config.warmupSteps === null,
  epochs: ({ config }) => config.maxSteps === null,
  earlyStoppingThreshold: ({ config }) => config.earlyStoppingPatience !== null,
};

/**
 * One sentence about those of `given`, the settings that the user wrote down, that do nothing in
 * this run; `null` when all of them count.
 */
export function unusedSettings(
  given: Readonly<Record<string, unknown>>,
  config: TrainingConfig,
  facts: RunFacts,
): string | null {
  const unused = (Object.keys(readers) as (keyof TrainingConfig)[]).filter(
    (name) => Object.hasOwn(given, name) && !readers[name]!({ ...facts, config }),
  );
  if (unused.length === 0) return null;
  const list = new Intl.ListFormat('en-GB').format(unused);
  const [settings, change] = unused.length === 1 ? ['setting', 'changes'] : ['settings', 'change'];
  return `The ${settings} ${list} ${change} nothing in this run: the objective, the model, the corpus or another setting decides.`;
}
