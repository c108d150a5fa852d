/** Finds settings that a run ignores, to warn the user. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import {
  batchesOf,
  firstOf,
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

/** Units of the batches of its stages. */
function batches({ objective, losses, config }: Use): string[] {
  const first = firstOf(objective);
  return [
    batchesOf(objective, losses, config),
    ...(first === null ? [] : [batchesOf(first, lossesOf(first), config)]),
  ];
}

/** Whether masked tokens are predicted in any of its stages. */
function usesHead({ objective, losses }: Use): boolean {
  const first = firstOf(objective);
  const all = [...losses, ...(first === null ? [] : lossesOf(first))];
  return all.some((loss) => lossEntries[loss].needsMlmHead);
}

/** Settings of the run itself that only some runs read. */
const readers: { readonly [K in keyof TrainingConfig]?: (use: Use) => boolean } = {
  batchSequences: (use) => batches(use).includes('tokens'),
  batchDocuments: (use) => batches(use).includes('documents'),
  maxLength: ({ config, window }) => config.maxLength === null || config.maxLength < window,
  headWarmupSteps: (use) => !use.hasMlmHead && usesHead(use),
  mergeHeadSteps: (use) => use.config.mergeWithBase !== null && usesHead(use),
  firstStageShare: ({ objective }) => firstOf(objective) !== null,
  firstStageLearningRate: ({ objective }) => firstOf(objective) !== null,
  freezeEmbeddings: ({ config }) => config.lora === null,
  heldOutFraction: ({ hasOwnSplit }) => !hasOwnSplit,
  warmupRatio: ({ config }) => config.warmupSteps === null,
  epochs: ({ config }) => config.maxSteps === null && config.maxSeconds === null,
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
  const first = firstOf(objective);
  const read = [
    ...settingsRead(objective, losses, config),
    ...(first === null ? [] : settingsRead(first, lossesOf(first), config)),
  ];
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
