/** A small RoBERTa and a small BERT against PyTorch and transformers in float64; see test/golden. */
import { describe, expect, it } from 'vitest';
import { mlm } from '../../../src/core/objectives/mlm.js';
import { adamWStep } from '../../../src/core/train/optimizer.js';
import { createParameterMemory } from '../../../src/core/train/parameterMemory.js';
import { bert, roberta, unpack } from './golden.js';
import { createHarness, distance, norm } from './trainingHarness.js';

describe.each([
  ['RoBERTa', roberta],
  ['BERT', bert],
])('masked language modelling against PyTorch: %s', (_name, reference) => {
  const { config, golden, goldenBatch, goldenParameters, shape, specs } = reference;
  const graphFor = (lowering: 'cpu' | 'webgpu') =>
    mlm.trainingGraph(config, shape, { lowering, dropout: true });

  it.each(['cpu', 'webgpu'] as const)(
    'agrees in loss and every gradient (%s)',
    async (lowering) => {
      const harness = await createHarness(graphFor(lowering), specs, goldenParameters(), 2);
      const loss = await harness.run(goldenBatch());
      await harness.release();

      expect(Math.abs(loss - golden.losses[0]!)).toBeLessThan(1e-5);
      expect(specs.map(({ name }) => name).sort()).toEqual(Object.keys(golden.gradients));
      const references = specs.map(({ name }) => unpack(golden.gradients[name]));
      const globalNorm = Math.hypot(...references.map(norm));
      for (const { name } of specs) {
        const reference = unpack(golden.gradients[name]);
        const size = norm(reference);
        const error = distance(harness.gradients.get(name)!, reference);
        if (size > 1e-7 * globalNorm) expect(error / size, name).toBeLessThanOrEqual(1e-4);
        else expect(error, name).toBeLessThanOrEqual(1e-6 * globalNorm);
      }
    },
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
    const state = createParameterMemory(specs, goldenParameters(), 0);
    const values = new Map([...state.parameters].map(([name, { values: own }]) => [name, own]));
    const harness = await createHarness(graphFor('cpu'), specs, values, 2);
    for (let step = 1; step <= 3; step++) {
      const loss = await harness.run(goldenBatch());
      expect(Math.abs(loss - golden.losses[step - 1]!)).toBeLessThan(1e-5);
      for (const [name, gradient] of harness.gradients) {
        state.parameters.get(name)!.gradient.set(gradient);
        gradient.fill(0);
      }
      adamWStep(state, golden.adamW, step, golden.adamW.learningRate, 1);
    }
    await harness.release();
    for (const { name } of specs) {
      const reference = unpack(golden.afterThreeSteps[name]);
      // The true gradient of key.bias is 0: what AdamW makes of rounding errors has no meaning.
      const share = name.endsWith('key.bias') ? 3 : 0.01;
      values.get(name)!.forEach((value, i) => {
        const difference = Math.abs(value - reference[i]!);
        expect(difference, name).toBeLessThanOrEqual(share * golden.adamW.learningRate);
      });
    }
  });
});
