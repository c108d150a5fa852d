/** Merged tensors and their loss against numpy and transformers; see test/golden/merge. */
import { describe, expect, it } from 'vitest';
import { bestCandidate, mergeModels } from '../../../src/core/train/merge.js';
import { maskedLmGraph } from '../../../src/core/objectives/microBatchGraph.js';
import merges from '../../golden/merge/merge.json' with { type: 'json' };
import {
  config,
  formula,
  goldenBatch,
  goldenParameters,
  shape,
  specs,
  unpack,
} from '../objectives/golden.js';
import { createHarness } from '../objectives/trainingHarness.js';

function trainedParameters(): Map<string, Float32Array> {
  const sorted = [...specs].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((spec, i) => [spec.name, formula(spec, merges.first + i)]));
}

describe.each(merges.cases)('a merge at $ratio', ({ ratio, loss, beginnings, sums }) => {
  const start = goldenParameters();
  const merged = mergeModels(config, start, trainedParameters(), ratio);

  it('has the tensors of numpy', () => {
    expect([...merged.keys()].sort()).toEqual(Object.keys(sums).sort());
    for (const [name, values] of merged) {
      const expected = unpack(beginnings[name as keyof typeof beginnings]);
      expected.forEach((value, i) => {
        // numpy's formula may round to the other side.
        expect(Math.abs(values[i]! - value), name).toBeLessThanOrEqual(2 ** -23 * Math.abs(value));
      });
      const sum = values.reduce((total, value) => total + value, 0);
      expect(sum, name).toBeCloseTo(sums[name as keyof typeof sums], 4);
    }
  });

  it('has the loss of transformers', async () => {
    const graph = maskedLmGraph(config, shape, { lowering: 'cpu', dropout: false });
    const harness = await createHarness(graph, specs, merged, 1);
    const found = await harness.run(goldenBatch());
    await harness.release();
    expect(Math.abs(found / loss - 1)).toBeLessThan(1e-5);
  });
});

it('A merge leaves what it was given as it was, and what is only in the trained model', () => {
  const start = goldenParameters();
  const trained = new Map([...trainedParameters(), ['classifier', Float32Array.of(3)]]);
  const merged = mergeModels(config, start, trained, 0.5);
  expect(start).toEqual(goldenParameters());
  expect(merged.get('classifier')).toEqual(Float32Array.of(3));
  expect(mergeModels(config, start, start, 0.3)).toEqual(start);
});

describe('the best merge', () => {
  const of = (ratio: number, heldOutLoss: number, neighbours: number | null) => ({
    ratio,
    heldOutLoss,
    neighbours,
  });

  it('has the best neighbours of those within 2 % of the lowest loss', () => {
    const candidates = [of(1, 2, 0.5), of(0.25, 2.5, 0.9), of(0.5, 2.03, 0.7), of(0.75, 2.01, 0.6)];
    expect(bestCandidate(candidates).ratio).toBe(0.5);
  });

  it('is the one with the lower loss among equals, whoever comes first', () => {
    const candidates = [of(1, 2.01, 0.5), of(0.5, 2, 0.5), of(0.75, 2.02, 0.4)];
    expect(bestCandidate(candidates).ratio).toBe(0.5);
    expect(bestCandidate(candidates.reverse()).ratio).toBe(0.5);
  });
});
