/** Combines the settings of all objectives and losses, and decides which of them are read. */
import { losses, lossNames } from './losses.js';
import type { LossEntry, LossName } from './losses.js';
import { objectives, objectiveNames } from './objectives.js';
import type { ObjectiveEntry, ObjectiveName } from './objectives.js';
import { holds } from './setting.js';
import type { Joined, Settings, ValuesOf } from './setting.js';

type LossTables = (typeof losses)[LossName]['settings'];
type ObjectiveTables = (typeof objectives)[ObjectiveName]['settings'];

/** Values of all settings of losses and objectives. */
export type ObjectiveOptions = ValuesOf<Joined<LossTables | ObjectiveTables>>;

export type LossWeights = Readonly<Partial<Record<LossName, number>>>;

/** Entries without their literal types, for code that names no objective or loss. */
export const lossEntries: Readonly<Record<LossName, LossEntry>> = losses;
export const objectiveEntries: Readonly<Record<ObjectiveName, ObjectiveEntry>> = objectives;

/** All settings of losses and objectives, without duplicates. */
export const objectiveSettings: Settings = Object.assign(
  {},
  ...objectiveNames.map((name) => objectiveEntries[name].settings),
  ...lossNames.map((name) => lossEntries[name].settings),
) as Settings;

/** Settings that decide which sequences a comparing loss sees in a step. */
export const batchSettings = ['batchDocuments', 'gradientAccumulationSteps'] as const;

export function lossesOf(objective: ObjectiveName): LossName[] {
  return Object.keys(objectiveEntries[objective].lossWeights) as LossName[];
}

/** The objective that is a stage of its own before this one; `null`: there is one stage. */
export function firstOf(objective: ObjectiveName): ObjectiveName | null {
  const { first } = objectiveEntries[objective];
  return objectiveNames.find((name) => name === first) ?? null;
}

/** Whether a loss compares sequences within a step, under these settings. */
export function compares(loss: LossName, values: object): boolean {
  const condition = lossEntries[loss].compares;
  return typeof condition === 'boolean' ? condition : holds(condition, values);
}

/**
 * Unit of an objective's batches, under these settings.
 *
 * @param weighed its losses with a weight above 0
 */
export function batchesOf(
  objective: ObjectiveName,
  weighed: readonly LossName[],
  values: object,
): ObjectiveEntry['batches'] {
  return weighed.some((loss) => compares(loss, values))
    ? 'documents'
    : objectiveEntries[objective].batches;
}

/**
 * Names of the settings of losses and objectives that affect what is learned, under these values.
 */
export function settingsRead(
  objective: ObjectiveName,
  weighed: readonly LossName[],
  values: object,
): string[] {
  const tables = [
    objectiveEntries[objective].settings,
    ...weighed.map((loss) => lossEntries[loss].settings),
  ];
  return tables.flatMap((table) =>
    Object.keys(table).filter((name) => holds(table[name]?.when, values)),
  );
}
