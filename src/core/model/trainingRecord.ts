import { modelFileNames } from './fileNames.js';
import { checkModelFolder } from './modelFiles.js';
import { readModelJson } from './readModelJson.js';
import { parseTrainingHashes } from './trainingHashes.js';
import type { TrainingHashes } from './trainingHashes.js';

/** A model folder's record of its training; `null` for what it does not say. */
export interface TrainingRecord {
  readonly trainingHashes: TrainingHashes | null;
  /** The metadata field whose categories it was trained on. */
  readonly categoryField: string | null;
}

/** Reads `notespace.json` only, not the weights. */
export async function readTrainingRecord(folder: string): Promise<TrainingRecord> {
  await checkModelFolder(folder);
  const own = await readModelJson(folder, modelFileNames.notespace);
  return {
    trainingHashes: parseTrainingHashes(own?.['trainingHashes']),
    categoryField: typeof own?.['categoryField'] === 'string' ? own['categoryField'] : null,
  };
}
