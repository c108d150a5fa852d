/** A trained model keeps the modules that its base was read with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentVector } from '../../../src/core/embed/documentVector.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { ensureOnnx } from '../../../src/core/model/ensureOnnx.js';
import { largestDifference, rewriteSentenceFolder, sentenceGolden } from './sentenceFolders.js';

const { texts, cases } = sentenceGolden;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-written-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([
  'mean',
  'prompts that are not pooled',
  'two Dense, without bias',
  'named, in another order',
  'fewer dimensions',
  'a short window',
  'lower case',
])('A model from a base with %s', (name) => {
  it('embeds as its base does, by the ONNX file in its folder', async () => {
    const out = await rewriteSentenceFolder(folder, name);
    const cacheFolder = join(folder, 'cache');
    expect(await ensureOnnx(out, cacheFolder, 'cpu')).toBe(join(out, 'onnx', 'model.onnx'));
    const embedder = await createEmbedder({
      ...{ modelFolder: out, cacheFolder, device: 'cpu', threads: 1 },
    });
    try {
      const { dimension, documentMean } = embedder;
      for (const as of ['query', 'document'] as const) {
        const { vectors, tokens } = await embedder.embedPassages(texts, { as });
        texts.forEach((_, i) => {
          const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
          const found = documentVector(vector, tokens.subarray(i, i + 1), dimension, documentMean);
          expect(largestDifference(found, cases[name]![as][i]!)).toBeLessThan(1e-4);
        });
      }
    } finally {
      await embedder.release();
    }
  });
});
