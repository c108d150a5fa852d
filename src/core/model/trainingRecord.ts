import { modelFileNames } from './fileNames.js';
import { checkModelFolder } from './modelFiles.js';
import { readModelJson } from './readModelJson.js';
import { parseTrainingHashes } from './trainingHashes.js';
import type { TrainingHashes } from './trainingHashes.js';

/** What a model folder says of its training; `null` where it says nothing. */
export interface TrainingRecord {
  readonly trainingHashes: TrainingHashes | null;
  /** The metadata field whose categories it was trained to tell apart. */
  readonly categoryField: string | null;
}

/** Reads `notespace.json` alone; no weights are touched. */
export async function readTrainingRecord(folder: string): Promise<TrainingRecord> {
  await checkModelFolder(folder);
  const own = await readModelJson(folder, modelFileNames.notespace);
  return {
    trainingHashes: parseTrainingHashes(own?.['trainingHashes']),
    categoryField: typeof own?.['categoryField'] === 'string' ? own['categoryField'] : null,
  };
}
