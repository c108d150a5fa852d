/** Vectors of folders with modules and prompts, compared with those of sentence-transformers. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutForModel } from '../../../src/core/embed/cutForModel.js';
import { documentVector } from '../../../src/core/embed/documentVector.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import type { Embedder } from '../../../src/core/embed/embedder.js';
import type { GivenPrompts } from '../../../src/core/model/prompts.js';
import {
  largestDifference,
  sentenceGolden,
  writeSentenceFolder,
} from '../model/sentenceFolders.js';

const { texts, cases } = sentenceGolden;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-sentences-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withEmbedder<T>(
  modelFolder: string,
  use: (embedder: Embedder) => T | Promise<T>,
  prompts: GivenPrompts = {},
): Promise<T> {
  const cacheFolder = join(folder, 'cache');
  const embedder = await createEmbedder({
    ...{ modelFolder, cacheFolder, prompts, device: 'cpu', threads: 1 },
  });
  try {
    return await use(embedder);
  } finally {
    await embedder.release();
  }
}

async function vectorsOf(embedder: Embedder, as: 'query' | 'document'): Promise<Float32Array[]> {
  const { dimension, documentMean } = embedder;
  const { vectors, tokens } = await embedder.embedPassages(texts, { as });
  return texts.map((_, i) => {
    const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
    return documentVector(vector, tokens.subarray(i, i + 1), dimension, documentMean);
  });
}

it.each(Object.keys(cases))('embeds as sentence-transformers does: %s', async (name) => {
  const modelFolder = join(folder, `${Object.keys(cases).indexOf(name)}`);
  const golden = await writeSentenceFolder(modelFolder, name);
  await withEmbedder(modelFolder, async (embedder) => {
    for (const as of ['query', 'document'] as const) {
      const vectors = await vectorsOf(embedder, as);
      vectors.forEach((vector, i) => {
        expect(largestDifference(vector, golden[as][i]!), `${as} ${i}`).toBeLessThan(1e-4);
      });
    }
  });
});

it('tells its cases apart, so that a wrong pooling or prompt would show', () => {
  const { mean, cls, prompts } = cases;
  expect(largestDifference(mean!.document[0]!, cls!.document[0]!)).toBeGreaterThan(0.01);
  expect(largestDifference(cls!.query[0]!, prompts!.query[0]!)).toBeGreaterThan(0.001);
  expect(largestDifference(prompts!.query[0]!, prompts!.document[0]!)).toBeGreaterThan(0.001);
  const unpooled = cases['prompts that are not pooled']!;
  expect(largestDifference(unpooled.query[0]!, mean!.query[0]!)).toBeGreaterThan(0.001);
});

describe('A long note', () => {
  const note = texts.join(' ').repeat(4);

  it('is cut into passages of the window that the folder names, prompt included', async () => {
    const modelFolder = join(folder, 'window');
    await writeSentenceFolder(modelFolder, 'a short window');
    const prompts = { document: 'passage of a note: ' };
    await withEmbedder(
      modelFolder,
      async (embedder) => {
        expect(embedder.maxTokens).toBe(24);
        const passages = cutForModel(embedder, note, 'document');
        const lengths = passages.map(({ start, end }) =>
          embedder.tokenizer.countTokens(prompts.document + note.slice(start, end)),
        );
        expect(Math.max(...lengths)).toBeLessThanOrEqual(22);
        expect(lengths.reduce((a, b) => a + b, 0)).toBeGreaterThan(80);
        const { tokens } = await embedder.embedPassages(
          passages.map(({ start, end }) => note.slice(start, end)),
        );
        // The prompt does not count.
        expect(tokens.reduce((a, b) => a + b, 0)).toBe(embedder.tokenizer.countTokens(note));
      },
      prompts,
    );
  });

  it('refuses a prompt that leaves no room', async () => {
    const modelFolder = join(folder, 'room');
    await writeSentenceFolder(modelFolder, 'a short window');
    await withEmbedder(
      modelFolder,
      (embedder) => {
        expect(() => cutForModel(embedder, note, 'query')).toThrow(/The query prompt has \d+ tok/);
      },
      { query: texts.join(' ') },
    );
  });

  it.each([
    ['mean', 'tokens'],
    ['Dense without activation', 'tokens'],
    ['Dense with tanh', 'passages'],
    ['cls', 'passages'],
    ['weightedmean', 'passages'],
  ] as const)('averages with %s over its %s', async (name, documentMean) => {
    const modelFolder = join(folder, `long ${name}`);
    await writeSentenceFolder(modelFolder, name);
    await withEmbedder(modelFolder, async (embedder) => {
      expect(embedder.documentMean).toBe(documentMean);
      const { vectors } = await embedder.embedPassages(texts);
      const { dimension } = embedder;
      const lengths = texts.map((_, i) =>
        Math.hypot(...vectors.subarray(i * dimension, (i + 1) * dimension)),
      );
      const areUnits = lengths.every((length) => Math.abs(length - 1) < 1e-5);
      expect(areUnits).toBe(documentMean === 'passages');
    });
  });
});

describe('A model’s identity', () => {
  const hashOf = (modelFolder: string, prompts?: GivenPrompts): Promise<string> =>
    withEmbedder(modelFolder, ({ modelHash }) => modelHash, prompts);

  it('changes with pooling, layers, window and document prompt, not with query prompts', async () => {
    const plain = join(folder, 'plain');
    await cp(join(import.meta.dirname, '../../fixtures/tinyBert'), plain, { recursive: true });
    const bare = await hashOf(plain);
    expect(await hashOf(plain, { query: 'query: ' })).toBe(bare);
    const hashes = [bare, await hashOf(plain, { document: 'passage: ' })];
    const modules = ['cls', 'max', 'Dense with tanh', 'Dense without activation', 'a short window'];
    for (const name of modules) {
      const modelFolder = join(folder, `hash ${name}`);
      await writeSentenceFolder(modelFolder, name);
      hashes.push(await hashOf(modelFolder));
    }
    expect(new Set(hashes).size).toBe(hashes.length);
    // The mean over a whole window is what a folder without modules means.
    const mean = join(folder, 'hash mean');
    await writeSentenceFolder(mean, 'mean');
    expect(await hashOf(mean)).toBe(bare);
  });

  it('changes with the weights of a Dense module, and so does the ONNX file', async () => {
    const modelFolder = join(folder, 'dense');
    const other = join(folder, 'other dense');
    const golden = await writeSentenceFolder(modelFolder, 'Dense with tanh');
    await writeSentenceFolder(other, 'two Dense, without bias');
    await writeSentenceFolder(other, 'Dense with tanh');
    expect(await hashOf(other)).toBe(await hashOf(modelFolder));
    await writeFile(
      join(other, '2_Dense', 'config.json'),
      JSON.stringify({ ...golden.files['2_Dense/config.json'], bias: false }),
    );
    expect(await hashOf(other)).not.toBe(await hashOf(modelFolder));
    const [with_, without] = await Promise.all(
      [modelFolder, other].map((each) => withEmbedder(each, (e) => vectorsOf(e, 'document'))),
    );
    expect(largestDifference(with_![0]!, [...without![0]!])).toBeGreaterThan(0.01);
  });

  it('does not use an ONNX file that someone else put into the folder', async () => {
    const modelFolder = join(folder, 'foreign');
    const golden = await writeSentenceFolder(modelFolder, 'cls');
    await mkdir(join(modelFolder, 'onnx'));
    await writeFile(join(modelFolder, 'onnx', 'model.onnx'), 'only last_hidden_state');
    const [vector] = await withEmbedder(modelFolder, (e) => vectorsOf(e, 'document'));
    expect(largestDifference(vector!, golden.document[0]!)).toBeLessThan(1e-4);
  });
});
