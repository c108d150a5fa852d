/** Against pytorch-metric-learning in float64; see test/golden/contrastive. */
import { describe, expect, it } from 'vitest';
import { supConLoss, supConTargets } from '../../../src/core/objectives/supCon.js';
import { expectGradient, expectLoss, padded, supCon, unpack } from './contrastiveGolden.js';
import { devices, evaluateLoss } from './lossHarness.js';

describe.each(devices)('SupCon ($lowering, $threads threads)', (device) => {
  it.each(supCon)('agrees with the reference: $name', async (one) => {
    for (const extra of [0, 4]) {
      const { categories, width, temperature } = one;
      const rows = categories.length + extra;
      const data = padded(unpack(one.embeddings), rows, width, (i) => (extra * i) % 7);
      const targets = supConTargets(categories, rows, one.categoryWeights ?? undefined);
      const { loss, gradients } = await evaluateLoss(
        {
          embeddings: { shape: [rows, width], data },
          positivePairs: { shape: [rows, rows], data: targets.positivePairs },
          present: { shape: [rows], data: targets.present },
          anchorWeights: { shape: [rows], data: targets.anchorWeights },
        },
        ['embeddings'],
        (graph, inputs) => supConLoss(graph, inputs, temperature),
        device,
      );
      expectLoss(loss, one.loss);
      const gradient = gradients['embeddings']!;
      expectGradient([gradient.subarray(0, categories.length * width)], [unpack(one.gradient)]);
      const outside = [...gradient].filter(
        (_, i) => (categories[Math.floor(i / width)] ?? null) === null,
      );
      expect(outside.every((value) => value === 0)).toBe(true);
    }
  });
});

describe('supConTargets', () => {
  it('pairs rows of a category, and leaves out rows without one', () => {
    const targets = supConTargets([1, null, 0, 1], 5);
    const pairs = [...targets.positivePairs].flatMap((value, i) =>
      value === 1 ? [[Math.floor(i / 5), i % 5]] : [],
    );
    expect(pairs).toEqual([
      [0, 3],
      [3, 0],
    ]);
    expect([...targets.present]).toEqual([1, 0, 1, 1, 0]);
    // Row 2 is alone in its category: a negative, and no anchor.
    expect([...targets.anchorWeights]).toEqual([1, 0, 0, 1, 0]);
  });

  it('has no anchors in a batch of one category', () => {
    expect([...supConTargets([2, 2, null], 3).anchorWeights]).toEqual([0, 0, 0]);
  });

  it('refuses more rows than there is room for', () => {
    expect(() => supConTargets([0, 0], 1)).toThrow('2 rows into 1');
  });
});
