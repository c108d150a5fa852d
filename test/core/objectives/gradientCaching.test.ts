/**
 * Gradient caching with dropout, for which there is no reference in PyTorch: against the whole step
 * in one graph, where the loss that compares is differentiated together with the encoder.
 */
import { describe, expect, it } from 'vitest';
import { trainStep } from '../../../src/core/train/step.js';
import { firstGradients } from '../backend/firstGradients.js';
import { distance, norm } from './trainingHarness.js';
import { wholeCases } from './wholeGolden.js';
import { wholeStep } from './wholeGraph.js';
import { firstStep, withRun } from './wholeRun.js';
import type { FirstStep, WholeRunOptions } from './wholeRun.js';

const dropout = { hiddenDropout: 0.1, attentionDropout: 0.2 };
const step = (batchSize: number): WholeRunOptions => ({
  layout: { lengths: [12], batchSize },
  dropout,
});

function flat(gradients: ReadonlyMap<string, Float32Array>): Float32Array {
  return Float32Array.from([...gradients.values()].flatMap((values) => [...values]));
}

const withMaskedTokens = wholeCases.filter(({ parts }) => parts[0]!.mlm !== undefined);
const comparing = withMaskedTokens.filter(
  ({ objective, training }) => objective === 'declutr' || training['categoryLoss'] === 'sup-con',
);

const packed: WholeRunOptions = {
  layout: { lengths: [28], batchSize: 2, sequencesPerRow: 3 },
  dropout,
};

describe.each(comparing)('$name', (one) => {
  it.each([
    { way: 'a sequence a row', options: step(3) },
    { way: 'several in a row', options: packed },
  ])('is the whole step at once, dropout and all: $way', async ({ options }) => {
    const { lora } = one.training;
    const training = lora ? { lora: { ...lora, dropout: 0.2 } } : {};
    await withRun(one, { ...options, training }, async (run) => {
      expect(run.sampler.step(0).microBatches.length).toBeGreaterThan(1);
      const whole = await wholeStep(one, run);
      const { loss } = await trainStep(run, 0);
      // Dropout is at work: without it the loss is the reference's.
      expect(Math.abs(loss - one.losses[0]!)).toBeGreaterThan(1e-3);
      expect(Math.abs(loss - whole.loss)).toBeLessThan(1e-5);
      const cached = await firstGradients(run);
      const gradients = new Map(
        [...cached.keys()].map((name) => [name, whole.gradients.get(name)!]),
      );
      const error = distance(flat(cached), flat(gradients));
      expect(error / norm(flat(gradients))).toBeLessThan(1e-5);
    });
  });
});

describe.each(wholeCases)('$name', (one) => {
  it('is one step in one micro-batch or in many, dropout and all', async () => {
    const whole = await firstStep(one, step(64));
    const expectSame = ({ outcome, gradients }: FirstStep): void => {
      expect(Math.abs(outcome.loss - whole.outcome.loss)).toBeLessThan(1e-5);
      const error = distance(flat(gradients), flat(whole.gradients));
      expect(error / norm(flat(whole.gradients))).toBeLessThan(1e-4);
    };
    expect(Math.abs(whole.outcome.loss - one.losses[0]!)).toBeGreaterThan(1e-4);
    const sizes = one.whole === true ? [] : [1, 2, 5];
    for (const batchSize of sizes) expectSame(await firstStep(one, step(batchSize)));
    for (const split of [2, 64]) expectSame(await firstStep(one, { ...step(5), split }));
  });
});
