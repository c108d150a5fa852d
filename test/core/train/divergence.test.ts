import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingProgress as Progress } from '../../../src/core/train/checkpoint.js';
import {
  adviceOnRise,
  hasDiverged,
  isSuspicious,
  watchDivergence,
  whatNow,
} from '../../../src/core/train/divergence.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import { toyRun } from './toyRun.js';

describe('watchDivergence', () => {
  /** Which of the losses are suspicious, and how many are taken before it stops. */
  function watch(
    losses: readonly number[],
    heldOutLossBefore = losses[0]!,
  ): { suspicious: number[]; stopped: number | null } {
    const progress = {
      suspiciousSteps: 0,
      lastLosses: [],
      heldOutLossBefore,
    } as unknown as Progress;
    const suspicious: number[] = [];
    for (const [i, loss] of losses.entries()) {
      progress.firstLosses = losses.slice(0, Math.min(i + 1, 10));
      progress.lastLosses = [...progress.lastLosses, loss].slice(-10);
      watchDivergence(progress);
      if (isSuspicious(progress)) suspicious.push(i);
      if (hasDiverged(progress)) return { suspicious, stopped: i + 1 };
    }
    return { suspicious, stopped: null };
  }
  const times = (count: number, loss: number): number[] => Array<number>(count).fill(loss);

  it('lets a loss fall, stand still and swing', () => {
    const swinging = Array.from({ length: 60 }, (_, i) => 4 + 3 * Math.sin(i));
    for (const losses of [times(40, 4), swinging, [...times(10, 10), ...times(40, 1)]]) {
      expect(watch(losses)).toEqual({ suspicious: [], stopped: null });
    }
  });

  it('suspects a loss far above the first ones, and stops when that lasts', () => {
    const { suspicious, stopped } = watch([...times(20, 4), ...times(30, 30)]);
    // Two of ten at 30 are a mean of 9.2, over twice 4 and 1.
    expect(suspicious[0]).toBe(21);
    expect(stopped).toBe(32);
  });

  it('stops soon when the loss explodes among the first steps', () => {
    // Of a base model that was trained with a learning rate of 0.05.
    const exploding = [4.7, 7.5, 13, 12, 13.3, 14.5, 14.5, 12.9, 12.9, 12.7, 12.9, 11.4, 11.1, 10];
    expect(watch([...exploding, ...times(20, 9)], 4.5).stopped).toBe(16);
    expect(watch([4, ...times(20, 30)]).stopped).toBe(13);
  });

  it.each([1, 2, 20])('forgives a spike after %i steps', (steps) => {
    const { suspicious, stopped } = watch([...times(steps, 4), 60, ...times(30, 4)]);
    expect(suspicious.length).toBeGreaterThan(0);
    expect(stopped).toBeNull();
  });

  it('takes no start that is low by chance for the measure', () => {
    // A first batch of a few easy tokens; held-out notes too few to be hard to tell apart.
    expect(watch([0.1, ...times(30, 4)], 4).suspicious).toEqual([]);
    expect(watch(times(30, 4), 0.3).suspicious).toEqual([]);
    // A contrastive loss that begins near 0 has room above it.
    expect(watch([...times(20, 0.01), ...times(30, 0.5)]).suspicious).toEqual([]);
  });
});

describe('whatNow', () => {
  it('speaks of a checkpoint only where there is one', () => {
    expect(whatNow({ savedStep: 8 })).toMatch(/^the last good checkpoint is kept; start again/);
    expect(whatNow({ savedStep: null })).toMatch(/^start again/);
  });
});

describe('adviceOnRise', () => {
  it('speaks up for a held-out loss that rose by more than chance', () => {
    const rise = (before: number, after: number, comparesNotes: boolean): string | null =>
      adviceOnRise({ before, after }, comparesNotes);
    expect(rise(4.3, 5.8, false)).toMatch(/rose from 4\.30 to 5\.80.*lower learningRate.*\.$/);
    expect(rise(4.3, 4.32, false)).toBeNull();
    expect(rise(4.3, 3, false)).toBeNull();
    expect(rise(0.1, 0.4, true)).toBeNull();
    expect(rise(4.3, 5.8, true)).not.toBeNull();
  });
});

describe('a run whose loss grows', () => {
  let checkpointFolder: string;
  beforeEach(async () => {
    checkpointFolder = await mkdtemp(join(tmpdir(), 'divergence-'));
  });
  afterEach(async () => {
    await rm(checkpointFolder, { recursive: true });
  });

  it('stops, and goes on from a checkpoint that is sound', async () => {
    const losses: number[] = [];
    const onMetrics = ({ step, loss }: TrainingMetrics): void => {
      if (loss === null) return;
      losses.push(loss);
      // Far too high a learning rate, once training has found its way.
      if (step === 12) given.training = { ...given.training, learningRate: 1 };
    };
    const training = { maxSteps: 60, saveSteps: 4, learningRateSchedule: 'constant' };
    const given: { -readonly [K in keyof TrainOptions]: TrainOptions[K] } = toyRun(
      'mlm',
      training,
      { checkpointFolder, onMetrics },
    );
    await expect(train(given)).rejects.toThrow(
      /has grown far above.*checkpoint is kept.*lower learningRate/,
    );
    expect(losses.length).toBeLessThan(30);
    expect(losses.at(-1)).toBeGreaterThan(2 * losses[0]! + 1);
    expect(await readdir(checkpointFolder)).toEqual([
      'step-000000008.checkpoint',
      'step-000000012.checkpoint',
    ]);
    const before = losses.length;
    const resumed = toyRun('mlm', training, { checkpointFolder, resume: true });
    const { loss, steps } = await train({ ...resumed, onMetrics });
    expect(steps).toBe(60);
    expect(losses.length - before).toBe(60 - 12);
    expect(loss.last).toBeLessThan(loss.first!);
  });

  it('stops though it grows from the first step, before any checkpoint', async () => {
    const training = {
      ...{ maxSteps: 60, warmupSteps: 0, learningRate: 1, learningRateSchedule: 'constant' },
      maxGradNorm: 1e6,
    };
    let steps = 0;
    const onMetrics = ({ step }: TrainingMetrics): void => void (steps = step);
    const given = toyRun('mlm', training, { checkpointFolder, onMetrics });
    const error: unknown = await train(given).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/far above its first values by step \d+: start again with/);
    expect(steps).toBeLessThan(20);
    expect(await readdir(checkpointFolder)).toEqual([]);
  });

  it('that comes to its end is told to be worse than before', async () => {
    const notes: string[] = [];
    const onNote = (sentence: string): void => void notes.push(sentence);
    const parameters = (await train(toyRun('mlm', { maxSteps: 40 }, { checkpointFolder })))
      .parameters;
    const training = { maxSteps: 6, warmupSteps: 0, learningRate: 0.05 };
    const again = { checkpointFolder: join(checkpointFolder, 'again'), parameters, onNote };
    const { heldOutLoss } = await train(toyRun('mlm', training, again));
    expect(heldOutLoss.after).toBeGreaterThan(heldOutLoss.before + 0.05);
    expect(notes).toEqual([expect.stringContaining('The held-out loss rose from')]);
  });
});
