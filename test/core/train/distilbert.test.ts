/** A DistilBERT folder through the whole trainer: every objective, frozen layers, low-rank factors. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/core/corpus/document.js';
import { loraModules } from '../../../src/core/encoder/lora.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { readTokenizer } from '../../../src/core/model/readTokenizer.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { train } from '../../../src/core/train/trainer.js';
import { toyDocuments } from './toyCorpus.js';
import { labelled, toyRun } from './toyRun.js';

const fixture = fileURLToPath(new URL('../../fixtures/tinyDistilbert', import.meta.url));
const model = await readModel(fixture, { needsMlmHead: true });
const tokenizer = await readTokenizer(fixture, model.config);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distilbert-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sentences = [
  'The patient was seen on the ward round and is comfortable.',
  'Pain in the left knee after a fall, no fracture.',
  'Mood low for two weeks, sleeping poorly.',
];

function notes(count: number, name: string): Document[] {
  const plain = toyDocuments(count, 2, name);
  return labelled(
    plain.map((note, i) => ({ ...note, text: sentences[i % 3]!.repeat(1 + (i % 4)) })),
  );
}

/** What a run of two steps makes of the model. */
async function trained(name: ObjectiveName, training: object): Promise<Map<string, Float32Array>> {
  const options = toyRun(
    name,
    { maxSteps: 2, warmupSteps: 0, learningRate: 0.01, ...training },
    {
      checkpointFolder: join(folder, 'checkpoints'),
      config: model.config,
      parameters: model.parameters,
      tokenizer,
      trainDocuments: notes(24, 'train'),
      heldOutDocuments: notes(8, 'held-out'),
    },
  );
  const { parameters, heldOutLoss } = await train(options);
  expect(heldOutLoss.after).toBeLessThan(heldOutLoss.before);
  expect([...parameters.keys()]).toEqual([...model.parameters.keys()]);
  return new Map(parameters);
}

const changed = (parameters: ReadonlyMap<string, Float32Array>): string[] =>
  [...parameters]
    .filter(([name, after]) => after.some((value, i) => value !== model.parameters.get(name)![i]))
    .map(([name]) => name);

describe('DistilBERT in training', () => {
  it.each([
    ['mlm', {}],
    ['declutr', {}],
    ['note-category', {}],
    ['note-category', { categoryLoss: 'sup-con' }],
  ] as const)('learns by %s %j, and is written and read as it was', async (name, training) => {
    const parameters = await trained(name, training);
    expect(changed(parameters)).toEqual([...model.parameters.keys()]);
    const out = join(folder, 'out');
    await writeModel(out, {
      config: model.config,
      parameters,
      tokenizerFiles: tokenizer.files,
      card: '# Tiny\n',
      dtype: 'F32',
      trainingHashes: null,
      onnx: null,
    });
    expect((await readModel(out, { needsMlmHead: true })).parameters).toEqual(parameters);
  });

  it('keeps frozen layers and embeddings', async () => {
    const names = changed(await trained('mlm', { frozenLayers: 1, freezeEmbeddings: true }));
    expect(names).toEqual(
      [...model.parameters.keys()].filter((name) => /layer\.1\.|^vocab_/.test(name)),
    );
  });

  it.each([
    [['query', 'value'], /attention\.(q|v)_lin\.weight$/],
    [loraModules, /(_lin|ffn\.lin[12])\.weight$/],
  ] as const)('moves only what low-rank adaptation of %j may touch', async (modules, pattern) => {
    const lora = { rank: 4, alpha: 8, dropout: 0.1, modules };
    const names = changed(await trained('mlm', { lora, learningRate: 0.05 }));
    expect(names).toEqual([...model.parameters.keys()].filter((name) => pattern.test(name)));
  });
});
