/** Which settings a run does not read, so that nobody waits for what they do. */
import type { LossName, ObjectiveName } from '../objectives/objective.js';
import type { TrainingConfig } from './config.js';

interface Use {
  readonly objective: ObjectiveName;
  readonly config: TrainingConfig;
}

const isDeclutr = ({ objective }: Use): boolean => objective === 'declutr';
const learnsCategories = ({ objective }: Use): boolean => objective === 'note-category';
const contrastsCategories = (use: Use): boolean =>
  learnsCategories(use) && use.config.categoryLoss === 'sup-con';
const comparesDocuments = (use: Use): boolean => isDeclutr(use) || contrastsCategories(use);

const weighs = ({ config }: Use, loss: LossName): boolean => config.lossWeights?.[loss] !== 0;
const predicts = (use: Use): boolean => weighs(use, 'mlm');

/** Settings that some runs read and others do not. */
const readers: { readonly [K in keyof TrainingConfig]?: (use: Use) => boolean } = {
  batchSequences: (use) => !comparesDocuments(use),
  batchDocuments: comparesDocuments,
  anchorsPerDocument: isDeclutr,
  positivesPerAnchor: isDeclutr,
  samplingStrategy: isDeclutr,
  temperature: (use) => isDeclutr(use) && weighs(use, 'ntXent'),
  mlmProbability: predicts,
  wholeWordMasking: predicts,
  headWarmupSteps: predicts,
  categoryLoss: learnsCategories,
  categoryWeights: learnsCategories,
  categoryTemperature: contrastsCategories,
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
  objective: ObjectiveName,
  config: TrainingConfig,
): string | null {
  const unused = (Object.keys(readers) as (keyof TrainingConfig)[]).filter(
    (name) => Object.hasOwn(given, name) && !readers[name]!({ objective, config }),
  );
  if (unused.length === 0) return null;
  const list = new Intl.ListFormat('en-GB').format(unused);
  const [settings, change] = unused.length === 1 ? ['setting', 'changes'] : ['settings', 'change'];
  return `The ${settings} ${list} ${change} nothing in this run: the objective or another setting decides.`;
}
