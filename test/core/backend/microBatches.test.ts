/** How steps are cut, weighed and added up, over a runner that computes nothing. */
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import type { LossSums } from '../../../src/core/backend/backend.js';
import {
  accumulateStep,
  addSum,
  cutStep,
  measureStep,
} from '../../../src/core/backend/microBatches.js';
import type {
  MicroBatchRunner,
  PartFilling,
  PartOutcome,
  StepPart,
} from '../../../src/core/backend/microBatches.js';
import type { StepLossRunner } from '../../../src/core/backend/stepLossRunner.js';
import type { GraphPurpose } from '../../../src/core/objectives/microBatchGraph.js';
import type {
  Example,
  SampledStep,
  Target,
  Targets,
} from '../../../src/core/objectives/sampling/sampler.js';
import type { LossName } from '../../../src/protocol/catalogue/losses.js';

const width = 2;
const sequencesPerRow = 2;

interface Call extends PartFilling {
  readonly purpose: GraphPurpose;
  readonly part: StepPart;
}

/** Each label of a loss has this loss, and the model ranks every other target's labels first. */
const lossOfLabel = { mlm: 3, category: 5 } as const;
type GraphLossName = keyof typeof lossOfLabel;
const names = Object.keys(lossOfLabel) as GraphLossName[];

/**
 * The graph of shape 0 has all losses and that of shape 1 none.
 *
 * @param teaches the shapes that are worth training
 */
function fakeRunner(teaches: readonly number[] = [0, 1]) {
  const calls: Call[] = [];
  const runner: MicroBatchRunner = {
    capacity: (shape) => [2, 3][shape]!,
    teaches: (shape) => teaches.includes(shape),
    run(purpose, part, filling) {
      calls.push({ purpose, part, ...filling });
      const { shape, rows } = part;
      const examples = rows.flat();
      const losses: Partial<Record<LossName, number>> = {};
      const correct: Partial<Record<LossName, number>> = {};
      for (const name of shape === 0 && purpose !== 'embed' ? names : []) {
        const weighed = examples.map(
          ({ targets }) => (filling.scales[name] ?? 0) * weighted(targets[name]),
        );
        losses[name] = weighed.reduce((sum, weight) => sum + weight * lossOfLabel[name], 0);
        // A category is measured and nothing is ranked.
        if (purpose === 'evaluate' && name === 'mlm') {
          correct[name] = weighed.reduce((sum, weight, i) => sum + (i % 2) * weight, 0);
        }
      }
      const embeddings = new Float32Array(3 * sequencesPerRow * width).fill(99);
      rows.forEach((row, r) => {
        row.forEach((example, i) => {
          const start = (r * sequencesPerRow + i) * width;
          embeddings.fill(example.inputIds[0]!, start, start + width);
        });
      });
      const tokens = examples.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
      return Promise.resolve<PartOutcome>({
        losses,
        correct,
        embeddings: purpose === 'train' ? null : embeddings,
        tokens,
        flops: 10 * tokens,
        sequencesPerRow,
      });
    },
  };
  return { runner, calls };
}

function weighted(target: Target | undefined): number {
  return target === undefined ? 0 : target.weight * target.labels.length;
}

function fakeStepLoss(rows: number, loss: number) {
  const seen: Float32Array[] = [];
  const stepLoss: StepLossRunner = {
    name: 'ntXent',
    width,
    embeddings: new Float32Array(rows * width).fill(7),
    gradient: new Float32Array(rows * width).fill(7),
    run() {
      seen.push(stepLoss.embeddings.slice());
      stepLoss.gradient.set(stepLoss.embeddings);
      return Promise.resolve(loss);
    },
    release: () => Promise.resolve(),
  };
  return { stepLoss, seen };
}

/** A sequence of as many tokens as its first id says. */
function example(tokens: number, targets: Targets = {}, row = -1): Example {
  return { inputIds: new Int32Array(tokens).fill(tokens), row, targets };
}

const masked = (count: number): Target => ({
  labels: new Int32Array(count).fill(6),
  positions: Int32Array.from({ length: count }, (_, i) => i + 1),
  weight: 1,
});
const categorised = (weight: number): Target => ({
  labels: Int32Array.of(1),
  positions: null,
  weight,
});

/** Micro-batches of both shapes; rows hold one sequence or two. */
const sampled: SampledStep = {
  microBatches: [
    {
      shape: 0,
      rows: [
        [example(4, { mlm: masked(1), category: categorised(0.5) }, 0), example(3, {}, 3)],
        [example(5, { mlm: masked(3) }, 1)],
        [example(6, { mlm: masked(2), category: categorised(2) }, 2)],
      ],
    },
    { shape: 1, rows: [[example(7, {}, 4)], [example(8)]] },
  ],
  stepInputs: {},
  stepWeight: 0,
};
const lossWeights = { mlm: 2, category: 0.5, ntXent: 4 };
const work = { step: 9, sampled, lossWeights, stepLoss: null };
const compared = { ...sampled, stepWeight: 3, stepInputs: {} };

describe('cutStep', () => {
  it('numbers rows through the step, however it is cut', () => {
    const { runner } = fakeRunner();
    const parts = cutStep(sampled.microBatches, runner);
    expect(parts.map(({ shape, rows, firstRow }) => [shape, rows.length, firstRow])).toEqual([
      [0, 2, 0],
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(parts.flatMap(({ rows }) => rows)).toEqual(
      sampled.microBatches.flatMap(({ rows }) => rows),
    );
  });
});

describe('accumulateStep', () => {
  it('makes each loss a mean over its labels under their weights, whatever part they are in', async () => {
    const { runner, calls } = fakeRunner();
    const outcome = await accumulateStep(runner, work, {});
    expect(calls.map(({ purpose, step }) => [purpose, step])).toEqual(
      Array.from({ length: 3 }, () => ['train', 9]),
    );
    for (const { scales, embeddingGradient } of calls) {
      expect(scales).toEqual({ mlm: 2 / 6, category: 0.5 / 2.5 });
      expect(embeddingGradient).toBeNull();
    }
    expect(Object.keys(outcome.losses).sort()).toEqual(['category', 'mlm']);
    expect(outcome.losses.mlm).toBeCloseTo(3, 12);
    expect(outcome.losses.category).toBeCloseTo(5, 12);
    expect(outcome.loss).toBeCloseTo(2 * 3 + 0.5 * 5, 12);
    expect(outcome.tokens).toBe(4 + 3 + 5 + 6 + 7 + 8);
    expect(outcome.flops).toBe(10 * outcome.tokens);
  });

  it('leaves out a loss that has no labels in the step, or none that count', async () => {
    const mlm = { mlm: masked(2) };
    for (const targets of [
      mlm,
      { ...mlm, category: categorised(0) },
      { ...mlm, category: { ...categorised(1), labels: new Int32Array(0) } },
    ]) {
      const { runner, calls } = fakeRunner();
      const microBatches = [{ shape: 0, rows: [[example(4, targets)]] }];
      const step = { ...work, sampled: { ...sampled, microBatches } };
      const outcome = await accumulateStep(runner, step, {});
      expect(calls[0]!.scales).toEqual({ mlm: 1 });
      expect(outcome.losses).toEqual({ mlm: 3 });
      expect(outcome.loss).toBe(6);
    }
  });

  it('gives a loss that has no weight no say', async () => {
    const { runner, calls } = fakeRunner();
    await accumulateStep(runner, { ...work, lossWeights: { mlm: 1 } }, {});
    expect(calls[0]!.scales).toEqual({ mlm: 1 / 6, category: 0 });
  });

  it('hands on labels that are numbers as they are', async () => {
    const labels = Float32Array.of(0.25, -1.5);
    const target: Target = { labels, positions: null, weight: 0.5 };
    const { runner, calls } = fakeRunner();
    const given = example(4, { category: target });
    const microBatches = [{ shape: 0, rows: [[given]] }];
    const { losses } = await accumulateStep(
      runner,
      { ...work, sampled: { ...sampled, microBatches } },
      {},
    );
    // Two labels of a half each.
    expect(calls[0]!.scales).toEqual({ category: 0.5 });
    expect(losses).toEqual({ category: 5 });
    const [seen] = calls[0]!.part.rows[0]!;
    expect(seen).toBe(given);
    expect(seen!.targets.category!.labels).toBe(labels);
    expect([...labels]).toEqual([0.25, -1.5]);
  });

  it('trains on no part that teaches nothing', async () => {
    const { runner, calls } = fakeRunner([0]);
    const { tokens } = await accumulateStep(runner, work, {});
    expect(calls.map(({ part }) => part.shape)).toEqual([0, 0]);
    expect(tokens).toBe(4 + 3 + 5 + 6);
  });

  it('compares the sequences of all parts, and carries the weighed gradient into each', async () => {
    const { runner, calls } = fakeRunner([0]);
    const { stepLoss, seen } = fakeStepLoss(6, 1.25);
    const outcome = await accumulateStep(runner, { ...work, sampled: compared, stepLoss }, {});
    expect(calls.map(({ purpose, part }) => [purpose, part.shape])).toEqual([
      ['embed', 0],
      ['embed', 0],
      ['embed', 1],
      ['train', 0],
      ['train', 0],
    ]);
    // By row: the first id of each sequence; the last row has none.
    const byRow = [4, 4, 5, 5, 6, 6, 3, 3, 7, 7, 0, 0];
    expect(seen.map((embeddings) => [...embeddings])).toEqual([byRow]);
    for (const { purpose, scales, embeddingGradient, step } of calls) {
      expect(step).toBe(9);
      if (purpose === 'embed') expect([scales, embeddingGradient]).toEqual([{}, null]);
      else expect([...embeddingGradient!]).toEqual(byRow.map((value) => 4 * value));
    }
    expect(outcome.losses.ntXent).toBe(1.25);
    expect(outcome.loss).toBeCloseTo(2 * 3 + 0.5 * 5 + 4 * 1.25, 12);
  });

  it('has no comparison, and no gradient of one, in a step with nothing to compare', async () => {
    const { runner, calls } = fakeRunner();
    const { stepLoss, seen } = fakeStepLoss(6, 1.25);
    const outcome = await accumulateStep(runner, { ...work, stepLoss }, {});
    expect(seen).toEqual([]);
    expect(calls.map(({ purpose }) => purpose)).toEqual(['train', 'train', 'train']);
    for (const { embeddingGradient } of calls) {
      expect([...embeddingGradient!]).toEqual(Array(12).fill(0));
    }
    expect(outcome.losses).not.toHaveProperty('ntXent');
  });

  it('hears a cancel and waits for the gate between parts', async () => {
    const controller = new AbortController();
    const { runner, calls } = fakeRunner();
    let passed = 0;
    const pauseGate = async (): Promise<void> => {
      await Promise.resolve();
      if (++passed === 2) controller.abort();
    };
    const control = { signal: controller.signal, pauseGate };
    await expect(accumulateStep(runner, work, control)).rejects.toThrow(Cancelled);
    expect(calls).toHaveLength(1);
  });
});

describe('measureStep', () => {
  it('adds up losses, weights and what is ranked first, unscaled', async () => {
    const { runner, calls } = fakeRunner();
    const counts: number[] = [];
    const sums = await measureStep(runner, { sampled, stepLoss: null }, {}, (count) => {
      counts.push(count);
    });
    expect(calls.map(({ purpose, scales }) => [purpose, scales])).toEqual([
      ['evaluate', { mlm: 1, category: 1 }],
      ['evaluate', { mlm: 1, category: 1 }],
      ['evaluate', {}],
    ]);
    expect(sums).toEqual({
      // Every other sequence of a part is right, and here these predict nothing.
      mlm: { loss: 3 * 6, weight: 6, correct: 0 },
      category: { loss: 5 * 2.5, weight: 2.5, correct: null },
    });
    // Sequences of the step so far.
    expect(counts).toEqual([3, 4, 6]);
  });

  it('counts what the model ranks first over all parts', async () => {
    const { runner } = fakeRunner();
    const row = [example(3, { mlm: masked(1) }), example(4, { mlm: masked(2) })];
    const microBatches = [{ shape: 0, rows: [row, row, row] }];
    const step = { sampled: { ...sampled, microBatches }, stepLoss: null };
    const sums = await measureStep(runner, step, {}, () => undefined);
    // Two labels a row of three.
    expect(sums).toMatchObject({ mlm: { loss: 3 * 9, weight: 9, correct: 6 } });
  });

  it('compares the whole step, under its weight', async () => {
    const { runner } = fakeRunner();
    const { stepLoss, seen } = fakeStepLoss(6, 1.25);
    const sums = await measureStep(runner, { sampled: compared, stepLoss }, {}, () => undefined);
    expect(seen.map((embeddings) => [...embeddings])).toEqual([
      [4, 4, 5, 5, 6, 6, 3, 3, 7, 7, 0, 0],
    ]);
    expect(sums.ntXent).toEqual({ loss: 3.75, weight: 3, correct: null });
    const without = await measureStep(runner, { sampled, stepLoss }, {}, () => undefined);
    expect(without).not.toHaveProperty('ntXent');
  });
});

describe('addSum', () => {
  it('adds losses, weights and what is ranked first, and keeps null where nothing ever is', () => {
    const sums: LossSums = {};
    addSum(sums, 'mlm', { loss: 2, weight: 3, correct: null });
    expect(sums.mlm).toEqual({ loss: 2, weight: 3, correct: null });
    addSum(sums, 'mlm', { loss: 1, weight: 4, correct: 2 });
    expect(sums.mlm).toEqual({ loss: 3, weight: 7, correct: 2 });
    addSum(sums, 'mlm', { loss: 1, weight: 1, correct: null });
    addSum(sums, 'mlm', { loss: 0, weight: 1, correct: 0.5 });
    expect(sums.mlm).toEqual({ loss: 4, weight: 9, correct: 2.5 });
    addSum(sums, 'category', { loss: 5, weight: 1, correct: 0 });
    expect(sums).toEqual({
      mlm: { loss: 4, weight: 9, correct: 2.5 },
      category: { loss: 5, weight: 1, correct: 0 },
    });
  });
});
