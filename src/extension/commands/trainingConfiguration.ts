/** Training configurations of the user's own: what is in them, and what they are called. */
import { basename, join } from 'node:path';
import { usageError } from '../../core/base/errors.js';
import type { ObjectiveName } from '../../protocol/run.js';
import { configurationEnding } from '../contributions.js';

export type TrainingOverrides = Readonly<Record<string, unknown>>;

/** What people change most; everything else is completed while they type. */
const commonSettings: TrainingOverrides = {
  maxSteps: 2000,
  learningRate: 1e-4,
  batchTokens: 4096,
  evalSteps: 100,
  maxLength: null,
  mlmProbability: 0.15,
};

const settingsOf: Readonly<Record<ObjectiveName, TrainingOverrides>> = {
  mlm: commonSettings,
  declutr: {
    ...commonSettings,
    batchDocuments: 32,
    lossWeights: { ntXent: 1, mlm: 1 },
    anchorsPerDocument: 2,
    positivesPerAnchor: 2,
    temperature: 0.05,
  },
  'note-category': {
    ...commonSettings,
    lossWeights: { mlm: 1, category: 0.1 },
    categoryLoss: 'cross-entropy',
    categoryWeights: 'balanced',
  },
};

export function startingConfiguration(objective: ObjectiveName): TrainingOverrides {
  return settingsOf[objective];
}

/** A configuration an objective, in the home of the corpus. */
export function configurationPath(home: string, objective: ObjectiveName): string {
  return join(home, `training-${objective}${configurationEnding}`);
}

/** The objective that a configuration was written for, where its name says so. */
export function objectiveOf(path: string): ObjectiveName | null {
  const [, name] = /^training-(mlm|declutr|note-category)\./.exec(basename(path)) ?? [];
  return (name as ObjectiveName | undefined) ?? null;
}

/** A wrong setting, or what is no JSON, is named in one sentence. */
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
