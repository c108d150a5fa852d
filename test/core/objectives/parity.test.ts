/** A small model of each family against PyTorch and transformers in float64; see test/golden. */
import { describe, expect, it } from 'vitest';
import { maskedLmGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { references } from './golden.js';
import { expectGradients, expectThreeSteps } from './parityChecks.js';
import { createHarness, distance, norm } from './trainingHarness.js';

describe.each(references)('masked language modelling against PyTorch: %s', (_name, reference) => {
  const { config, golden, goldenBatch, goldenParameters, shape, specs } = reference;
  const graphFor = (lowering: 'cpu' | 'webgpu') =>
    maskedLmGraph(config, shape, { lowering, dropout: true });
  const model = { specs, trained: specs, parameters: goldenParameters(), reference };

  it.each(['cpu', 'webgpu'] as const)('agrees in loss and every gradient (%s)', async (lowering) =>
    expectGradients({ ...model, graph: graphFor(lowering) }, golden),
  );

  it('accumulates: two runs give twice the gradient', async () => {
    const harness = await createHarness(graphFor('cpu'), specs, goldenParameters(), 2);
    await harness.run(goldenBatch());
    const once = new Map([...harness.gradients].map(([name, values]) => [name, values.slice()]));
    await harness.run(goldenBatch());
    await harness.release();
    for (const [name, values] of harness.gradients) {
      const twice = once.get(name)!.map((value) => 2 * value);
      expect(distance(values, twice), name).toBeLessThanOrEqual(1e-6 + 1e-5 * norm(twice));
    }
  });

  it('arrives at the same parameters after three AdamW steps', async () => {
    await expectThreeSteps({ ...model, graph: graphFor('cpu') }, golden);
  });
});
