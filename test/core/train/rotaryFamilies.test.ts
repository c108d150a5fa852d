/** ModernBERT and NomicBERT through the whole trainer: objectives, frozen layers, low-rank factors. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readModel } from '../../../src/core/model/readModel.js';
import { readTokenizer } from '../../../src/core/model/readTokenizer.js';
import { train } from '../../../src/core/train/trainer.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyDocuments } from './toyCorpus.js';
import { labelled, toyRun } from './toyRun.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotary-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sentences = [
  'The patient was seen on the ward round and is comfortable.',
  'Pain in the left knee after a fall, no fracture.',
  'Mood low for two weeks, sleeping poorly.',
];
const notes = (count: number, name: string) =>
  labelled(
    toyDocuments(count, 2, name).map((note, i) => ({
      ...note,
      text: sentences[i % 3]!.repeat(1 + (i % 4)),
    })),
  );

describe.each([
  ['tinyModernbert', /layers\.1\.|final_norm|^head\.|^decoder\./, /attn\.Wqkv/],
  ['tinyNomicBert', /layers\.1\.|^cls\./, /attn\.Wqkv/],
])('in training: %s', async (name, unfrozen, adapted) => {
  const fixture = fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
  const model = await readModel(fixture, { needsMlmHead: true });
  const tokenizer = await readTokenizer(fixture, model.config);

  /** Names of what a run of two steps changes. */
  async function changed(objective: ObjectiveName, training: object): Promise<string[]> {
    const { parameters, heldOutLoss } = await train(
      toyRun(
        objective,
        { maxSteps: 2, warmupSteps: 0, learningRate: 0.01, ...training },
        {
          checkpointFolder: join(folder, 'checkpoints'),
          config: model.config,
          parameters: model.parameters,
          tokenizer,
          trainDocuments: notes(24, 'train'),
          heldOutDocuments: notes(8, 'held-out'),
        },
      ),
    );
    expect(heldOutLoss.after).toBeLessThan(heldOutLoss.before);
    return [...parameters]
      .filter(([key, after]) => after.some((value, i) => value !== model.parameters.get(key)![i]))
      .map(([key]) => key);
  }
  const all = [...model.parameters.keys()];

  it.each(['mlm', 'declutr', 'note-category'] as const)('learns by %s', async (objective) => {
    expect(await changed(objective, {})).toEqual(all);
  });

  it('keeps frozen layers and embeddings', async () => {
    const names = await changed('mlm', { frozenLayers: 1, freezeEmbeddings: true });
    expect(names.filter((key) => !unfrozen.test(key))).toEqual([]);
    expect(names.length).toBeGreaterThan(6);
  });

  it('adapts one matrix of queries, keys and values as a whole', async () => {
    const lora = { rank: 4, alpha: 8, dropout: 0.1, modules: ['query'] };
    const names = await changed('mlm', { lora, learningRate: 0.05 });
    expect(names).toEqual(all.filter((key) => adapted.test(key)));
  });
});
