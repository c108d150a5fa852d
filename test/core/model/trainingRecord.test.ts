import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrainingHashes } from '../../../src/core/model/trainingHashes.js';
import { readTrainingRecord } from '../../../src/core/model/trainingRecord.js';

const fixture = fileURLToPath(new URL('../../fixtures/tinyRoberta', import.meta.url));
let folder: string;
let copy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-record-'));
  copy = join(folder, 'copy');
  await cp(fixture, copy, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what a model folder says of its training', () => {
  it('is read without its weights', async () => {
    const trainingHashes = createTrainingHashes(['A note.'], 'salt');
    const record = { trainingHashes, categoryField: 'ward' };
    await writeFile(join(copy, 'notespace.json'), JSON.stringify({ format: 1, ...record }));
    await writeFile(join(copy, 'model.safetensors'), 'no weights at all');
    expect(await readTrainingRecord(copy)).toEqual(record);
  });

  it('is nothing in a folder from elsewhere', async () => {
    expect(await readTrainingRecord(copy)).toEqual({ trainingHashes: null, categoryField: null });
  });

  it('is asked of model folders alone', async () => {
    await expect(readTrainingRecord(folder)).rejects.toThrow(/is not a model folder/);
  });
});
