/** Against pytorch-metric-learning in float64; see test/golden/contrastive. */
import { describe, expect, it } from 'vitest';
import { ntXentLoss } from '../../../src/core/objectives/ntXent.js';
import { expectGradient, expectLoss, ntXent, padded, unpack } from './contrastiveGolden.js';
import { devices, evaluateLoss } from './lossHarness.js';
import type { CompileOptions } from '../graph/evaluate.js';

type Case = (typeof ntXent)[number];

/** `extra` anchors fill the shape, their embeddings made by `filling`. */
async function run(
  one: Case,
  device: CompileOptions,
  extra = 0,
  filling: (i: number) => number = () => 0,
) {
  const { anchorCount, positivesPerAnchor, width } = one;
  const count = anchorCount + extra;
  const rows = count * positivesPerAnchor;
  return evaluateLoss(
    {
      anchors: {
        shape: [count, width],
        data: padded(unpack(one.anchors), count, width, filling),
      },
      positives: {
        shape: [rows, width],
        data: padded(unpack(one.positives), rows, width, filling),
      },
      anchorWeights: {
        shape: [count],
        data: Float32Array.from({ length: count }, (_, i) => (i < anchorCount ? 1 : 0)),
      },
    },
    ['anchors', 'positives'],
    (graph, inputs) => ntXentLoss(graph, inputs, one.temperature),
    device,
  );
}

describe.each(devices)('NT-Xent ($lowering, $threads threads)', (device) => {
  it.each(ntXent)('agrees with the reference: $name', async (one) => {
    for (const [extra, filling] of [
      [0, () => 0],
      [3, () => 0],
      [5, (i: number) => Math.sin(i) * 50],
    ] as const) {
      const { loss, gradients } = await run(one, device, extra, filling);
      expectLoss(loss, one.loss);
      const references = [unpack(one.anchorGradient), unpack(one.positiveGradient)];
      const computed = [gradients['anchors']!, gradients['positives']!];
      const real = computed.map((values, i) => values.subarray(0, references[i]!.length));
      expectGradient(real, references);
      // What fills the shape gets no gradient at all.
      for (const [i, values] of computed.entries()) {
        expect(values.subarray(references[i]!.length).every((value) => value === 0)).toBe(true);
      }
    }
  });

  it('is 0 without any anchor', async () => {
    const [one] = ntXent;
    const { loss, gradients } = await run({ ...one!, anchorCount: 0 }, device, 4);
    expect(Math.abs(loss)).toBe(0);
    expect([...gradients['anchors']!].every((value) => value === 0)).toBe(true);
  });
});
