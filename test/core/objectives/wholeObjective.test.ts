/** Each objective as the trainer runs it against PyTorch in float64; see test/golden/objectives and tsdae. */
import { describe, expect, it } from 'vitest';
import { trainStep } from '../../../src/core/train/step.js';
import { golden } from './golden.js';
import { expectSameGradients, expectSameSteps, unpackAll } from './parityChecks.js';
import { norm } from './trainingHarness.js';
import { wholeCases } from './wholeGolden.js';
import type { Layout } from './wholeGolden.js';
import { firstStep, withRun } from './wholeRun.js';
import type { WholeRunOptions } from './wholeRun.js';

const cut: Layout = { lengths: [8, 12], batchSize: 3 };
const ways: (WholeRunOptions & { readonly way: string })[] = [
  { way: 'two lengths', layout: cut, threads: 1 },
  { way: 'two lengths, 2 threads', layout: cut, threads: 2 },
  { way: 'two lengths, in parts', layout: cut, split: 2 },
  { way: 'as few micro-batches as can be', layout: { lengths: [12], batchSize: 64 }, threads: 2 },
  { way: 'those, in single sequences', layout: { lengths: [12], batchSize: 64 }, split: 64 },
  { way: 'several in a row', layout: { lengths: [28], batchSize: 2, sequencesPerRow: 3 } },
  {
    way: 'several in a row, row by row',
    layout: { lengths: [12, 28], batchSize: 4, sequencesPerRow: 4 },
    threads: 2,
    split: 4,
  },
  { way: 'many lengths', layout: { lengths: [3, 4, 5, 6, 8, 9, 11, 12], batchSize: 2 } },
];

describe.each(wholeCases)('$name against PyTorch', (one) => {
  // The objective's own sampler lays its step out itself.
  it.each(ways.filter(({ split }) => one.whole !== true || split !== undefined))(
    'agrees in each loss and every gradient: $way',
    async (options) => {
      const { outcome, gradients } = await firstStep(one, options);
      expect(Math.abs(outcome.loss - one.losses[0]!)).toBeLessThan(1e-5);
      const [parts] = one.parts;
      expect(Object.keys(outcome.losses).sort()).toEqual(Object.keys(parts!).sort());
      for (const [name, loss] of Object.entries(outcome.losses)) {
        expect(Math.abs(loss - parts![name as keyof typeof parts]), name).toBeLessThan(1e-5);
      }
      const references = unpackAll(one.gradients);
      expect([...gradients.keys()].sort()).toEqual([...references.keys()].sort());
      expectSameGradients(gradients, references);
      const gradNorm = Math.hypot(...[...references.values()].map(norm));
      expect(Math.abs(outcome.gradNorm / gradNorm - 1)).toBeLessThan(1e-4);
    },
  );

  it.each([1, 2])('arrives where three AdamW steps lead, with %i threads', async (threads) => {
    await withRun(one, { layout: cut, threads }, async (run) => {
      for (let step = 0; step < 3; step++) {
        const { loss } = await trainStep(run, step);
        expect(Math.abs(loss - one.losses[step]!)).toBeLessThan(1e-5);
      }
      const held = await run.prepared.readParameters();
      const trained = run.specs.filter(run.isTrained);
      expectSameSteps(
        new Map(trained.map(({ name }) => [name, held.get(name)!])),
        unpackAll(one.afterThreeSteps),
        golden.adamW.learningRate,
      );
    });
  });
});
