import { join } from 'node:path';
import { afterAll } from 'vitest';
import { removeFolder, temporaryFolder, writeCorpus, writeTinyModel } from '../engine/fixtures.js';
import { callsIn } from './calls.js';
import type { Calls } from './calls.js';

export interface Prepared extends Calls {
  /** Removed after the tests of the file. */
  readonly folder: string;
  readonly corpus: string;
  readonly model: string;
}

/** A folder with a corpus of these notes and a tiny model, and `notespace` as it is called there. */
export async function prepared(notes: Parameters<typeof writeCorpus>[1]): Promise<Prepared> {
  const folder = await temporaryFolder();
  afterAll(() => removeFolder(folder));
  return {
    folder,
    corpus: await writeCorpus(join(folder, 'notes.jsonl'), notes),
    model: await writeTinyModel(join(folder, 'model')),
    ...callsIn(folder),
  };
}
