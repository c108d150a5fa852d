/** Against the formula in double precision; test/golden/fineTuning compares it with PyTorch. */
import { describe, expect, it } from 'vitest';
import { labelLoss } from '../../../src/core/objectives/labelLoss.js';
import { devices, evaluateLoss } from './lossHarness.js';

const embeddings = [
  [1, -2],
  [60, 45],
  [0.5, 0.25],
];
const weight = [
  [1, 0.5],
  [-2, -1],
];
const bias = [0.1, -0.3];
/** Whether each note has each label; the last note is padding. */
const labels = [
  [1, 0],
  [0, 1],
  [1, 1],
];
const weights = [
  [1, 2],
  [0.5, 0.25],
  [0, 0],
];

const cells = embeddings.flatMap((embedding, n) =>
  weight.map((row, l) => {
    const z = bias[l]! + row[0]! * embedding[0]! + row[1]! * embedding[1]!;
    return { n, l, z, weight: weights[n]![l]!, label: labels[n]![l]! };
  }),
);

function matrix(rows: readonly (readonly number[])[]) {
  return { shape: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat()) };
}

describe.each(devices)('the label classifier ($lowering, $threads threads)', (device) => {
  it('is the weighted sum of binary cross-entropies, however large the logits', async () => {
    expect(Math.max(...cells.map(({ z }) => Math.abs(z)))).toBeGreaterThan(100);
    const feeds = {
      embeddings: matrix(embeddings),
      weight: matrix(weight),
      bias: { shape: [2], data: Float32Array.from(bias) },
      present: matrix(weights.map((row, n) => row.map((value, l) => value * labels[n]![l]!))),
      weights: matrix(weights),
    };
    const wanted = ['embeddings', 'weight', 'bias'] as const;
    const { loss, gradients } = await evaluateLoss(feeds, wanted, labelLoss, device);
    const expected = cells.reduce(
      (sum, { z, weight: w, label }) =>
        sum + w * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z),
      0,
    );
    expect(loss / expected).toBeCloseTo(1, 6);
    const [dEmbeddings, dWeight, dBias] = [new Float64Array(6), new Float64Array(4), [0, 0]];
    for (const { n, l, z, weight: w, label } of cells) {
      const slope = w * (1 / (1 + Math.exp(-z)) - label);
      dBias[l]! += slope;
      for (let i = 0; i < 2; i++) {
        dEmbeddings[2 * n + i]! += slope * weight[l]![i]!;
        dWeight[2 * l + i]! += slope * embeddings[n]![i]!;
      }
    }
    const found = [gradients['embeddings']!, gradients['weight']!, gradients['bias']!];
    [dEmbeddings, dWeight, dBias].forEach((reference, which) => {
      reference.forEach((value, i) => {
        expect(found[which]![i]).toBeCloseTo(value, 4);
      });
    });
  });
});
