import { describe, expect, it } from 'vitest';
import { projectUmap } from '../../../src/core/analyze/projection.js';
import { Cancelled } from '../../../src/core/base/errors.js';
import { createRandom } from '../../../src/core/base/random.js';
import golden from '../../golden/analysis/analysis.json' with { type: 'json' };
import { trustworthiness } from './trustworthiness.js';

const { dimension } = golden;
const vectors = Float32Array.from(golden.vectors);
const n = vectors.length / dimension;

describe('projectUmap', () => {
  it('keeps neighbours together as well as umap-learn does', async () => {
    const columns = {
      x: Float32Array.from({ length: n }, (_, i) => vectors[i * dimension]!),
      y: Float32Array.from({ length: n }, (_, i) => vectors[i * dimension + 1]!),
    };
    const measured = trustworthiness(vectors, dimension, columns, 10);
    expect(measured).toBeCloseTo(golden.trustworthiness.firstTwoColumns, 6);
    const points = await projectUmap(vectors, { n, dimension, seed: 1 });
    const ours = trustworthiness(vectors, dimension, points, 10);
    expect(ours).toBeGreaterThan(golden.trustworthiness.umap - 0.05);
  });

  it('gives the same map for the same seed, and another for another', async () => {
    const first = await projectUmap(vectors, { n, dimension, seed: 1 });
    expect(await projectUmap(vectors, { n, dimension, seed: 1 })).toEqual(first);
    expect(await projectUmap(vectors, { n, dimension, seed: 2 })).not.toEqual(first);
  });

  it.each([0, 1, 2, 3, 4, 5, 14, 15, 16])('finds a place for each of %i points', async (count) => {
    const random = createRandom(count, 'points');
    const data = Float32Array.from({ length: count * 4 }, () => random.normal());
    const { x, y } = await projectUmap(data, { n: count, dimension: 4, seed: 3 });
    expect([x.length, y.length]).toEqual([count, count]);
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
    if (count > 1) expect(new Set(x).size).toBe(count);
  });

  it('stands notes that are all the same', async () => {
    const data = new Float32Array(40 * 4).fill(0.5);
    const { x, y } = await projectUmap(data, { n: 40, dimension: 4, seed: 3 });
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
  });

  it('stops on request, and lets others have the processor in between', async () => {
    const controller = new AbortController();
    let steps = 0;
    const projecting = projectUmap(vectors, {
      n,
      dimension,
      seed: 1,
      signal: controller.signal,
      onProgress: () => {
        if (++steps === 3) setImmediate(() => controller.abort());
      },
    });
    await expect(projecting).rejects.toThrow(Cancelled);
    expect(steps).toBeLessThan(6);
  });
});
