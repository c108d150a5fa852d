/** The user's training configurations: their content and file names. */
import { basename, join } from 'node:path';
import { usageError } from '../../core/base/errors.js';
import { objectiveNames } from '../../protocol/catalogue/objectives.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import {
  batchesOf,
  lossesOf,
  objectiveEntries,
  objectiveSettings,
  settingsRead,
} from '../../protocol/catalogue/training.js';
import { configurationEnding } from '../contributions.js';

export type TrainingOverrides = Readonly<Record<string, unknown>>;

/** Settings that people change most and every objective reads; completion offers the rest. */
const commonSettings: TrainingOverrides = {
  maxSteps: 2000,
  learningRate: 1e-4,
  batchTokens: 4096,
  evalSteps: 100,
  maxLength: null,
  mergeWithBase: null,
};

/** Includes the settings of the objective and of its losses. */
export function startingConfiguration(objective: ObjectiveName): TrainingOverrides {
  const { lossWeights } = objectiveEntries[objective];
  const losses = lossesOf(objective);
  const values = Object.fromEntries(
    Object.entries(objectiveSettings).map(([name, { initial, proposed }]) => [
      name,
      proposed ?? initial,
    ]),
  );
  const own = settingsRead(objective, losses, values).map((name) => [name, values[name]] as const);
  return {
    ...commonSettings,
    ...(batchesOf(objective, losses, values) === 'documents' ? { batchDocuments: 32 } : {}),
    ...(losses.length > 1 ? { lossWeights } : {}),
    ...Object.fromEntries(own),
  };
}

/** One configuration per objective, in the corpus's home. */
export function configurationPath(home: string, objective: ObjectiveName): string {
  return join(home, `training-${objective}${configurationEnding}`);
}

/** The objective that a configuration was written for, if its name says so. */
export function objectiveOf(path: string): ObjectiveName | null {
  const name = basename(path);
  return objectiveNames.find((known) => name.startsWith(`training-${known}.`)) ?? null;
}

/** Reports an invalid setting, or invalid JSON, in one sentence. */
export async function parseConfiguration(text: string, name: string): Promise<TrainingOverrides> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`${name} is not JSON${lineOf(error, text)}: mend it, then start again.`);
  }
  const { parseTrainingConfig } = await import('../../core/train/config.js');
  parseTrainingConfig(value);
  return value as TrainingOverrides;
}

function lineOf(error: unknown, text: string): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined) return '';
  return ` (line ${text.slice(0, Number(position)).split('\n').length})`;
}
