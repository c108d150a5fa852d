/** Finds settings that a run ignores, to warn the user. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import {
  batchesOf,
  lossEntries,
  lossesOf,
  objectiveSettings,
  settingsRead,
} from '../../protocol/catalogue/training.js';
import type { TrainingConfig } from './config.js';

/** Facts that decide it, other than the settings themselves. */
export interface RunFacts {
  readonly objective: ObjectiveName;
  /** Longest sequence that the model accepts. */
  readonly window: number;
  readonly hasMlmHead: boolean;
  /** Whether the corpus defines its own held-out notes. */
  readonly hasOwnSplit: boolean;
}

interface Use extends RunFacts {
  readonly config: TrainingConfig;
  /** The objective's losses with a weight above 0. */
  readonly losses: readonly LossName[];
}

const batches = ({ objective, losses, config }: Use) => batchesOf(objective, losses, config);

/** Settings of the run itself that only some runs read. */
const readers: { readonly [K in keyof TrainingConfig]?: (use: Use) => boolean } = {
  batchSequences: (use) => batches(use) === 'tokens',
  batchDocuments: (use) => batches(use) === 'documents',
  maxLength: ({ config, window }) => config.maxLength === null || config.maxLength < window,
  headWarmupSteps: ({ losses, hasMlmHead }) =>
    !hasMlmHead && losses.some((loss) => lossEntries[loss].needsMlmHead),
  freezeEmbeddings: ({ config }) => config.lora === null,
  heldOutFraction: ({ hasOwnSplit }) => !hasOwnSplit,
  warmupRatio: ({ config }) => config.warmupSteps === null,
  epochs: ({ config }) => config.maxSteps === null,
  earlyStoppingThreshold: ({ config }) => config.earlyStoppingPatience !== null,
};

/**
 * One sentence about those of `given` (the settings that the user wrote) that have no effect in
 * this run; `null` if all have.
 */
export function unusedSettings(
  given: Readonly<Record<string, unknown>>,
  config: TrainingConfig,
  facts: RunFacts,
): string | null {
  const { objective } = facts;
  const losses = lossesOf(objective).filter((loss) => config.lossWeights?.[loss] !== 0);
  const use = { ...facts, config, losses };
  const read = settingsRead(objective, losses, config);
  const names = [
    ...(Object.keys(readers) as (keyof TrainingConfig)[]).filter((name) => !readers[name]!(use)),
    ...Object.keys(objectiveSettings).filter((name) => !read.includes(name)),
  ];
  const unused = names.filter((name) => Object.hasOwn(given, name));
  if (unused.length === 0) return null;
  const list = new Intl.ListFormat('en-GB').format(unused);
  const [settings, change] = unused.length === 1 ? ['setting', 'changes'] : ['settings', 'change'];
  return `The ${settings} ${list} ${change} nothing in this run: the objective, the model, the corpus or another setting decides.`;
}
