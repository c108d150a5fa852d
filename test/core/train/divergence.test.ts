import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingProgress as Progress } from '../../../src/core/train/checkpoint.js';
import { hasDiverged, isSuspicious, watchDivergence } from '../../../src/core/train/divergence.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import { toyRun } from './toyRun.js';

describe('watchDivergence', () => {
  /** Which of the losses are suspicious, and how many are taken before it stops. */
  function watch(losses: readonly number[]): { suspicious: number[]; stopped: number | null } {
    const progress = { firstLosses: [], lastLosses: [], suspiciousSteps: 0 } as unknown as Progress;
    progress.firstLosses = losses.slice(0, 10);
    const suspicious: number[] = [];
    for (const [i, loss] of losses.entries()) {
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

  it('forgives a spike', () => {
    const { suspicious, stopped } = watch([...times(20, 4), 60, ...times(30, 4)]);
    expect(suspicious.length).toBeGreaterThan(0);
    expect(stopped).toBeNull();
    // A contrastive loss that begins near 0 has room above it.
    expect(watch([...times(20, 0.01), ...times(30, 0.5)]).suspicious).toEqual([]);
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
    expect(loss.last).toBeLessThan(loss.first);
  });
});
