/** Training that is asked to end early gives the model that it has come to. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyRun } from './toyRun.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'finish-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The same steps, however long the run is. */
const constant = { learningRateSchedule: 'constant', warmupSteps: 0 };

/** A run that is asked to end, or to stop, once it has taken so many steps. */
function watched(
  name: string,
  { maxSteps, at, ...settings }: { maxSteps: number; at: number; [setting: string]: unknown },
  objective: 'mlm' | 'mlm-then-declutr' = 'mlm',
): { options: TrainOptions; steps: () => number; notes: string[]; abort: AbortController } {
  let step = 0;
  const notes: string[] = [];
  const abort = new AbortController();
  const options = toyRun(
    objective,
    { ...constant, maxSteps, ...settings },
    {
      checkpointFolder: join(folder, name),
      signal: abort.signal,
      isFinishing: () => step >= at,
      onNote: (sentence) => notes.push(sentence),
      onMetrics: ({ step: now, loss }) => {
        if (loss !== null) step = now;
      },
    },
  );
  return { options, steps: () => step, notes, abort };
}

describe('training that is asked to finish', () => {
  it('gives the model of a run of so many steps, measured', async () => {
    const short = await train(watched('short', { maxSteps: 4, at: Infinity }).options);
    const { options, steps, notes } = watched('long', { maxSteps: 100, at: 4 });
    const finished = await train(options);
    expect(steps()).toBe(4);
    expect(finished.steps).toBe(4);
    expect(finished.heldOutLoss).toEqual(short.heldOutLoss);
    for (const [parameter, values] of short.parameters) {
      expect(finished.parameters.get(parameter)).toEqual(values);
    }
    expect(notes).toEqual([expect.stringMatching(/ ended after 4 of 100 steps, as it was asked/)]);
  });

  it('gives what the last checkpoint holds, where the run was stopped before', async () => {
    const stopped = watched('stopped', { maxSteps: 100, at: Infinity });
    await expect(
      train({
        ...stopped.options,
        onMetrics: ({ step }) => step === 3 && stopped.abort.abort(),
      }),
    ).rejects.toBeInstanceOf(Cancelled);
    const { options, steps } = watched('stopped', { maxSteps: 100, at: 0 });
    const finished = await train({ ...options, resume: true });
    expect(finished.steps).toBe(3);
    expect(steps()).toBe(0);
    const short = await train(watched('three', { maxSteps: 3, at: Infinity }).options);
    for (const [parameter, values] of short.parameters) {
      expect(finished.parameters.get(parameter)).toEqual(values);
    }
  });

  it('refuses where there is nothing to keep', async () => {
    const { options } = watched('nothing', { maxSteps: 100, at: 0 });
    await expect(train({ ...options, resume: true })).rejects.toThrow(/no checkpoint yet/);
  });

  it('still goes through the later stages, and trains the head of a merge to its end', async () => {
    const settings = { maxSteps: 40, at: 3, mergeWithBase: 0.5, mergeHeadSteps: 4 };
    const { options, notes } = watched('stages', settings, 'mlm-then-declutr');
    const { steps, merge } = await train(options);
    // Three of the first stage, one of the second, four of the head.
    expect(steps).toBe(3 + 1 + 4);
    expect(merge?.ratio).toBe(0.5);
    expect(notes.filter((note) => note.includes('as it was asked'))).toHaveLength(2);
  });
});
