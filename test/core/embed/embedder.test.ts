import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import type { Embedder } from '../../../src/core/embed/embedder.js';
import { documentVector } from '../../../src/core/embed/documentVector.js';
import golden from '../../golden/transformers/embeddings.json' with { type: 'json' };

const modelFolder = fileURLToPath(new URL('../../fixtures/tinyRoberta', import.meta.url));

describe('createEmbedder', () => {
  let cacheFolder: string;
  let embedder: Embedder;

  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'notespace-cache-'));
    embedder = await createEmbedder({ modelFolder, cacheFolder, device: 'cpu', threads: 1 });
  });
  afterAll(async () => {
    await embedder.release();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  it('embeds as transformers does, whatever stands beside a text in its batch', async () => {
    const { vectors, tokens } = await embedder.embedPassages(golden.texts);
    expect(embedder.dimension).toBe(32);
    expect(embedder.maxTokens).toBe(64);
    expect([...tokens].map((count) => count + 2)).toEqual(golden.lengths);
    golden.embeddings.flat().forEach((expected, i) => {
      expect(Math.abs(vectors[i]! - expected)).toBeLessThan(1e-4);
    });
  });

  it('gives the same bits for the same texts', async () => {
    const first = await embedder.embedPassages(golden.texts);
    const second = await embedder.embedPassages(golden.texts);
    expect(second.vectors).toEqual(first.vectors);
  });

  it('reports progress and stops between batches', async () => {
    const texts = Array.from({ length: 600 }, (_, i) => `${golden.texts[i % 6]!} ${i}`);
    const steps: number[] = [];
    await embedder.embedPassages(texts, { onProgress: (done) => steps.push(done) });
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)).toBe(600);
    const controller = new AbortController();
    const stopped = embedder.embedPassages(texts, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow(Cancelled);
  });

  it('takes no texts', async () => {
    const { vectors, tokens } = await embedder.embedPassages([]);
    expect([vectors.length, tokens.length]).toEqual([0, 0]);
  });
});

describe('documentVector', () => {
  it('is the normalised mean weighted by tokens', () => {
    const vector = documentVector(Float32Array.of(1, 0, 0, 2), [3, 2], 2);
    expect(vector[0]).toBeCloseTo(3 / 5, 6);
    expect(vector[1]).toBeCloseTo(4 / 5, 6);
  });

  it('stays at nought without passages', () => {
    expect(documentVector(new Float32Array(0), [], 2)).toEqual(new Float32Array(2));
  });
});
