import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { createRandom } from '../../../src/core/base/random.js';
import {
  openHeadReader,
  paperHead,
  trainDenseHead,
} from '../../../src/core/evaluate/denseHead/denseHead.js';
import type { HeadTraining } from '../../../src/core/evaluate/denseHead/denseHead.js';
import { createHeadState } from '../../../src/core/evaluate/denseHead/headState.js';
import type { HeadParameters } from '../../../src/core/evaluate/denseHead/headState.js';
import golden from '../../golden/evaluate/head.json' with { type: 'json' };

const { rows, columns, outputs } = golden;
const threads = 1;
const values = Float32Array.from(golden.values);

function parametersOf(stored: Readonly<Record<keyof HeadParameters, number[]>>): HeadParameters {
  return {
    denseWeight: Float32Array.from(stored.denseWeight),
    denseBias: Float32Array.from(stored.denseBias),
    outputWeight: Float32Array.from(stored.outputWeight),
    outputBias: Float32Array.from(stored.outputBias),
  };
}

function expectClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, most: number): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < ours.length; i++) {
    expect(Math.abs(ours[i]! - theirs[i]!)).toBeLessThan(most);
  }
}

const names = ['denseWeight', 'denseBias', 'outputWeight', 'outputBias'] as const;

describe('trainDenseHead', () => {
  it.each([
    ['classes', golden.classes, false],
    ['weighted classes', golden.weighted, false],
    ['several labels', golden.multiLabel, true],
  ] as const)('steps as PyTorch does on %s', async (_, expected, multiLabel) => {
    const { learningRate, weightDecay, steps } = golden;
    const { parameters } = await trainDenseHead({
      values,
      columns,
      outputs,
      multiLabel,
      targets: Int32Array.from(expected.targets),
      classWeights: expected.classWeights,
      settings: {
        learningRate,
        weightDecay,
        dropout: 0,
        batchSize: rows,
        epochs: steps,
        patience: null,
      },
      seed: 1,
      threads,
      initial: parametersOf(expected.initial),
      score: (_, epoch) => epoch,
    });
    const trained = parametersOf(expected.trained);
    // A hundredth of the rate.
    for (const name of names) expectClose(parameters[name], trained[name], 1e-4);
    expectClose(await logitsOf(parameters, values), expected.logits, 1e-3);
  });

  const training: HeadTraining = {
    values,
    columns,
    outputs,
    multiLabel: false,
    targets: Int32Array.from(golden.classes.targets),
    classWeights: null,
    settings: { ...paperHead, learningRate: 1e-2, batchSize: 6, epochs: 6 },
    seed: 5,
    threads,
    initial: null,
    score: () => 0,
  };

  it('gives the same head for the same seed, and another for another', async () => {
    const once = await trainDenseHead(training);
    expect(await trainDenseHead(training)).toEqual(once);
    expect(await trainDenseHead({ ...training, seed: 6 })).not.toEqual(once);
  });

  it('keeps the epoch that scores best, and ends when patience does', async () => {
    const scores = [0.2, 0.5, 0.4, 0.5, 0.3, 0.9];
    const copies: Float32Array[] = [];
    const trained = await trainDenseHead({
      ...training,
      settings: { ...training.settings, patience: 3 },
      score({ denseWeight }, epoch) {
        copies.push(denseWeight.slice());
        return scores[epoch - 1]!;
      },
    });
    expect(trained).toMatchObject({ bestEpoch: 2, scores: scores.slice(0, 5) });
    expect(trained.parameters.denseWeight).toEqual(copies[1]);
  });

  it('learns what depends on two columns together', async () => {
    const random = createRandom(9, 'exclusive or');
    const points = Float32Array.from({ length: 400 * 16 }, () => random.normal());
    const classes = Int32Array.from({ length: 400 }, (_, row) =>
      Number(points[row * 16]! > 0 !== points[row * 16 + 1]! > 0),
    );
    const { parameters } = await trainDenseHead({
      ...training,
      values: points,
      columns: 16,
      outputs: 2,
      targets: classes,
      settings: { ...paperHead, learningRate: 0.05, dropout: 0, epochs: 20 },
      score: (_, epoch) => epoch,
    });
    const logits = await logitsOf(parameters, points);
    const right = classes.filter((own, row) => logits[2 * row + own]! > logits[2 * row + 1 - own]!);
    expect(right.length).toBeGreaterThan(340);
  });

  it('stops on request', async () => {
    const controller = new AbortController();
    const stopped = trainDenseHead({
      ...training,
      signal: controller.signal,
      score() {
        controller.abort();
        return 0;
      },
    });
    await expect(stopped).rejects.toThrow(Cancelled);
  });
});

describe('A reader of heads', () => {
  it('is the same for a row whatever rows are beside it', async () => {
    const random = createRandom(2, 'rows');
    const many = Float32Array.from({ length: 300 * columns }, () => random.normal());
    const parameters = parametersOf(golden.classes.trained);
    const all = await logitsOf(parameters, many);
    const last = await logitsOf(parameters, many.subarray(290 * columns));
    expectClose(all.subarray(290 * outputs), last, 1e-5);
  });
});

describe('drawMasks', () => {
  it('drops the share that it should, scales the rest, and repeats itself', () => {
    const sizes = { columns: 64, outputs: 2, batchSize: 64, dropout: 0.25, seed: 3 };
    const state = createHeadState(sizes, null);
    const first = state.drawMasks(7);
    const copy = { inputs: first.inputs.slice(), hidden: first.hidden.slice() };
    expect(copy.inputs).not.toEqual(copy.hidden);
    expect(copy.inputs.filter((value) => value === 0).length / 4096).toBeCloseTo(0.25, 1);
    expect(new Set(copy.inputs)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(state.drawMasks(8).inputs).not.toEqual(copy.inputs);
    expect(state.drawMasks(7)).toEqual(copy);
  });
});

async function logitsOf(parameters: HeadParameters, values: Float32Array): Promise<Float64Array> {
  const reader = await openHeadReader(parameters.denseBias.length, { threads });
  try {
    return await reader.logits(parameters, values);
  } finally {
    await reader.release();
  }
}
