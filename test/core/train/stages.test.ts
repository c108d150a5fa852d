/** Runs of several stages: two objectives, and merges with the base. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import type { RunPlan } from '../../../src/core/train/runPlan.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainResult } from '../../../src/core/train/trainer.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { toyConfig, toyParameters } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stages-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A score that differs between models and is the same for the same one. */
const scoreNeighbours: NonNullable<TrainOptions['scoreNeighbours']> = (parameters) => {
  const values = parameters.get('roberta.encoder.layer.0.output.dense.weight')!;
  return Promise.resolve(Math.abs(values.reduce((sum, value) => sum + value, 0)) % 1);
};

interface Observed {
  readonly result: TrainResult;
  readonly lines: readonly TrainingMetrics[];
  readonly plans: readonly RunPlan[];
}

async function run(
  name: string,
  objective: ObjectiveName,
  training: object,
  overrides: Partial<TrainOptions> = {},
): Promise<Observed> {
  const lines: TrainingMetrics[] = [];
  const plans: RunPlan[] = [];
  const result = await train({
    ...toyRun(
      objective,
      { warmupSteps: null, ...training },
      { checkpointFolder: join(folder, name), scoreNeighbours, ...overrides },
    ),
    onMetrics: (line) => {
      lines.push(line);
      overrides.onMetrics?.(line);
    },
    onPlan: (plan) => plans.push(plan),
  });
  return { result, lines, plans };
}

/** Cancels after each of these steps, and compares what comes of it with the uninterrupted run. */
async function resumesAnywhere(
  objective: ObjectiveName,
  training: object,
  steps: readonly number[],
  overrides: Partial<TrainOptions> = {},
): Promise<Observed> {
  const whole = await run('whole', objective, training, overrides);
  const controllers = steps.map(() => new AbortController());
  for (const [i, at] of steps.entries()) {
    const onMetrics = ({ step, loss }: TrainingMetrics): void => {
      if (step === at && loss !== null) controllers[i]!.abort();
    };
    const { signal } = controllers[i]!;
    await expect(
      run('cut', objective, training, { ...overrides, onMetrics, signal, resume: i > 0 }),
    ).rejects.toThrow(Cancelled);
  }
  const resumed = await run('cut', objective, training, { ...overrides, resume: true });
  const { tokensPerSecond, gemmShare } = resumed.result;
  expect(resumed.result).toEqual({ ...whole.result, tokensPerSecond, gemmShare });
  // A cancel saves a step more.
  const kept = await readdir(join(folder, 'whole'));
  expect(await readdir(join(folder, 'cut'))).toEqual(expect.arrayContaining(kept.slice(-1)));
  return whole;
}

const trained = (lines: readonly TrainingMetrics[]): TrainingMetrics[] =>
  lines.filter(({ loss }) => loss !== null);
const measured = (lines: readonly TrainingMetrics[]): TrainingMetrics[] =>
  lines.filter(({ heldOutLoss }) => heldOutLoss !== null);

describe('masked tokens, then DeCLUTR', () => {
  it('is one run of two stages, each with its share of the steps and its own schedule', async () => {
    const training = {
      maxSteps: 20,
      firstStageShare: 0.3,
      learningRate: 2e-3,
      firstStageLearningRate: 1e-3,
    };
    const { result, lines, plans } = await resumesAnywhere(
      'mlm-then-declutr',
      { ...training, saveSteps: 4 },
      [3, 6, 7, 15],
    );
    expect(plans[0]?.stages).toEqual([
      { label: 'Masked tokens', steps: 6 },
      { label: 'DeCLUTR', steps: 14 },
    ]);
    const steps = trained(lines);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    const names = (line: TrainingMetrics): string => Object.keys(line.losses).sort().join();
    expect(new Set(steps.slice(0, 6).map(names))).toEqual(new Set(['mlm']));
    expect(new Set(steps.slice(6).map(names))).toEqual(new Set(['mlm,ntXent']));
    const rates = steps.map(({ learningRate }) => learningRate!);
    expect(Math.max(...rates.slice(0, 6))).toBeCloseTo(1e-3, 9);
    expect(Math.max(...rates.slice(6))).toBeCloseTo(2e-3, 9);
    expect(rates[5]).toBeLessThan(rates[1]!);
    // Measured as DeCLUTR does, in both stages.
    const heldOut = measured(lines);
    expect(heldOut.map(({ step }) => step)).toEqual([0, 6, 20]);
    for (const { heldOutLosses } of heldOut) {
      expect(Object.keys(heldOutLosses!).sort()).toEqual(['mlm', 'ntXent']);
    }
    expect(heldOut[1]!.heldOutLosses!.mlm).toBeLessThan(heldOut[0]!.heldOutLosses!.mlm!);
    // The first and the last loss are of the second stage, where the losses are the same.
    const first = steps.slice(6, 13).reduce((sum, { loss }) => sum + loss!, 0) / 7;
    expect(result.loss.first).toBeCloseTo(first, 9);
  });

  it('goes on with a head that the second stage does not train', async () => {
    const { result } = await resumesAnywhere(
      'mlm-then-declutr',
      { maxSteps: 8, lossWeights: { mlm: 0 } },
      [3, 6],
    );
    const head = result.parameters.get('lm_head.dense.weight')!;
    const base = toyParameters().get('lm_head.dense.weight')!;
    expect(head.some((value, i) => value !== base[i])).toBe(true);
  });

  it('divides its epochs too, and refuses a single step', async () => {
    const { plans } = await run('epochs', 'mlm-then-declutr', {
      maxSteps: null,
      epochs: 1,
      firstStageShare: 0.5,
      batchDocuments: 30,
    });
    const [first, second] = plans[0]!.stages;
    expect(second!.steps).toBe(2);
    expect(first!.steps).toBeGreaterThan(1);
    await expect(run('one', 'mlm-then-declutr', { maxSteps: 1 })).rejects.toThrow('2 or more');
  });
});

describe('a merge with the base', () => {
  const cases: readonly [string, ObjectiveName, object, Partial<TrainOptions>, number[]][] = [
    ['a ratio', 'mlm', { mergeWithBase: 0.5 }, {}, [5, 9]],
    ['auto', 'mlm', { mergeWithBase: 'auto' }, {}, [8, 9, 11, 13]],
    ['low-rank factors', 'declutr', { mergeWithBase: 'auto', lora: { rank: 2 } }, {}, [3, 10]],
    ['frozen layers', 'mlm', { mergeWithBase: 0.3, lora: {}, frozenLayers: 1 }, {}, [9]],
    ['a classifier', 'note-category', { mergeWithBase: 'auto' }, {}, [10]],
    ['no head', 'declutr', { mergeWithBase: 'auto', lossWeights: { mlm: 0 } }, {}, [6]],
    ['two stages', 'mlm-then-declutr', { mergeWithBase: 'auto' }, {}, [2, 6, 12]],
  ];

  it.each(cases)('goes on anywhere: %s', async (_, objective, training, overrides, steps) => {
    const settings = { maxSteps: 8, mergeHeadSteps: 2, learningRate: 3e-3, ...training };
    const { result, lines } = await resumesAnywhere(objective, settings, steps, overrides);
    const { merge } = result;
    expect(merge!.candidates[0]!.ratio).toBe(1);
    const chosen = merge!.candidates.find(({ ratio }) => ratio === merge!.ratio)!;
    expect(result.heldOutLoss.after).toBe(chosen.heldOutLoss);
    expect(measured(lines).at(-1)!.heldOutLoss).toBe(chosen.heldOutLoss);
    // Heads of the objective, and low-rank factors, stay behind.
    expect([...result.parameters.keys()].sort()).toEqual([...toyParameters().keys()].sort());
  });

  it('starts from the base with its warmed head', async () => {
    const config = { ...toyConfig, modelType: 'bert' as const };
    const all = toyParameters(config);
    const parameters = new Map([...all].filter(([name]) => !name.startsWith('cls.')));
    const training = { maxSteps: 4, headWarmupSteps: 4, mergeHeadSteps: 2, mergeWithBase: 0.5 };
    const overrides = { config, parameters, newHead: true };
    const { result, plans } = await resumesAnywhere('mlm', training, [2, 4, 6, 9], overrides);
    expect(plans[0]!.stages.map(({ steps }) => steps)).toEqual([4, 4, 2]);
    expect(result.steps).toBe(10);
    expect([...result.parameters.keys()].sort()).toEqual([...all.keys()].sort());
  });

  it('lies between base and trained, tensor by tensor, but for the head', async () => {
    const training = { maxSteps: 8, mergeHeadSteps: 2 };
    const alone = await run('alone', 'mlm', training);
    const half = await run('half', 'mlm', { ...training, mergeWithBase: 0.5 });
    for (const [name, base] of toyParameters()) {
      if (name.startsWith('lm_head')) continue;
      const [to, merged] = [alone, half].map(({ result }) => result.parameters.get(name)!);
      merged!.forEach((value, i) => {
        expect(Math.abs(value - (base[i]! + to![i]!) / 2), name).toBeLessThan(1e-7);
      });
    }
    const heads = trained(half.lines).slice(8);
    expect(heads.map(({ step }) => step)).toEqual([9, 10]);
  });
});

describe('the first and last loss', () => {
  it.each([
    [1, 1],
    [2, 1],
    [5, 2],
    [20, 10],
    [23, 10],
  ])('of %i steps are means of %i that share none', async (maxSteps, count) => {
    const { result, lines } = await run('losses', 'mlm', { maxSteps });
    const losses = trained(lines).map(({ loss }) => loss!);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(result.loss.first).toBeCloseTo(mean(losses.slice(0, count)), 9);
    if (maxSteps === 1) expect(result.loss.last).toBeNull();
    else expect(result.loss.last).toBeCloseTo(mean(losses.slice(-count)), 9);
  });
});
