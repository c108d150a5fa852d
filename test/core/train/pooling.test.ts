/** A run trains the pooling that its base has, and its model keeps it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readModel } from '../../../src/core/model/readModel.js';
import { runPretrainJob } from '../../../src/engine/job/pretrainJob.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { writeSentenceFolder } from '../model/sentenceFolders.js';

let folder: string;
let corpus: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-pooling-'));
  corpus = join(folder, 'notes.jsonl');
  const notes = Array.from({ length: 24 }, (_, i) => ({
    id: `n${i}`,
    text: `Pain in the left knee after a fall, ${'seen on the ward, '.repeat(i % 5)} pulse ${60 + i}, no fracture.`,
  }));
  await writeFile(corpus, notes.map((note) => `${JSON.stringify(note)}\n`).join(''));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pretrain(name: string, objective: ObjectiveName): Promise<string> {
  const base = join(folder, `${name} base`);
  await writeSentenceFolder(base, name);
  const { model } = await runPretrainJob(
    {
      ...{ kind: 'pretrain', corpus: { source: corpus, mapping: {} }, objective, base },
      ...{ device: 'cpu', maxSteps: 1, seed: 0, resume: false, config: { batchDocuments: 4 } },
    },
    {
      runFolder: join(folder, `${name} ${objective}`),
      cacheFolder: join(folder, 'cache'),
      threads: 1,
      signal: new AbortController().signal,
      pauseGate: () => Promise.resolve(),
      isFinishing: () => false,
      place: 'commandLine',
      onProgress: () => undefined,
      onMetrics: () => undefined,
      onPlan: () => undefined,
      note: () => undefined,
      now: () => Date.now(),
    },
  );
  return model;
}

it.each(['prompts', 'Dense with tanh', 'a short window'])(
  'writes the modules, prompts and window of a base with %s',
  async (name) => {
    const base = await readModel(await pretrain(name, 'declutr'));
    expect(base.sentence).toEqual((await readModel(join(folder, `${name} base`))).sentence);
    expect(base.rawConfig['dtype']).toBe('float32');
  },
);

it('refuses to compare embeddings by the maximum, but learns the wording of such a model', async () => {
  await expect(pretrain('max', 'declutr')).rejects.toThrow(/the maximum over its tokens, which/);
  const { sentence } = await readModel(await pretrain('max', 'mlm'));
  expect(sentence.poolings).toEqual(['max']);
});
