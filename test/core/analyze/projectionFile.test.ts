import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readProjection, writeProjection } from '../../../src/core/analyze/projectionFile.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import { openStore } from '../../../src/core/index/store.js';
import { fakeCorpus, fakeEmbedder } from '../index/fakes.js';

const notes = [
  { id: 'a', text: 'one note' },
  { id: 'b', text: 'another' },
];
const projection = { x: Float32Array.of(1, 2), y: Float32Array.of(-3, 0.5) };
let storeFolder: string;

beforeEach(async () => {
  storeFolder = await mkdtemp(join(tmpdir(), 'notespace-projection-'));
});
afterEach(() => rm(storeFolder, { recursive: true, force: true }));

async function index(list: typeof notes, modelHash = 'model-a'): Promise<void> {
  const embedder = fakeEmbedder({ modelHash });
  await indexCorpus({ corpus: fakeCorpus(list), embedder, storeFolder, flat: true, now: Date.now });
}

it('reads back as it was written, and knows when it is older than the index', async () => {
  await index(notes);
  const store = await openStore(storeFolder);
  expect(await readProjection(store)).toBeNull();
  await writeProjection(store, ['ä', 'b'], projection);
  const stored = { keys: ['ä', 'b'], ...projection, current: true };
  expect(await readProjection(store)).toEqual(stored);
  await store.close();

  await index(notes);
  const same = await openStore(storeFolder);
  expect((await readProjection(same))?.current).toBe(true);

  await index([...notes, { id: 'c', text: 'third' }]);
  const grown = await openStore(storeFolder);
  expect((await readProjection(grown))?.current).toBe(false);

  await index(notes, 'model-b');
  const other = await openStore(storeFolder);
  expect((await readProjection(other))?.current).toBe(false);
});

it('takes a damaged file for none', async () => {
  await index(notes);
  const store = await openStore(storeFolder);
  await writeFile(join(storeFolder, 'projection.bin'), '{"format":1,"keys":["a"]}\nshort');
  expect(await readProjection(store)).toBeNull();
  await writeFile(join(storeFolder, 'projection.bin'), 'nothing');
  expect(await readProjection(store)).toBeNull();
});
