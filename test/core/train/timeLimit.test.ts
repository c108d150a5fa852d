/** Runs that are given a time instead of a number of steps. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpu } from '../../../src/core/backend/cpu/cpu.js';
import { Cancelled } from '../../../src/core/base/errors.js';
import { readData } from '../../../src/core/train/runData.js';
import { stepsIn } from '../../../src/core/train/stepsInTime.js';
import { estimateTime } from '../../../src/core/train/timeLimit.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainResult } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyRun } from './toyRun.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'time-limit-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A device of a fixed speed, and a clock by which each step and held-out loss takes so many seconds. */
function timed(
  name: string,
  { gigaflops, secondsPerStep, ...training }: Record<string, unknown> & Speed,
  overrides: Partial<TrainOptions> = {},
): { options: TrainOptions; notes: string[]; steps: () => number } {
  let [steps, clock] = [0, 0];
  const notes: string[] = [];
  const options = toyRun(
    'mlm',
    { maxSteps: null, ...training },
    {
      backend: { ...cpu, measurePeak: () => Promise.resolve(gigaflops) },
      checkpointFolder: join(folder, name),
      now: () => (clock += 1000 * secondsPerStep),
      onNote: (sentence) => notes.push(sentence),
      onMetrics: ({ step, loss }) => {
        if (loss !== null) steps = Math.max(steps, step);
      },
      ...overrides,
    },
  );
  return { options, notes, steps: () => steps };
}

interface Speed {
  readonly gigaflops: number;
  readonly secondsPerStep: number;
}

async function planned(given: ReturnType<typeof timed>): Promise<number> {
  let steps = 0;
  const controller = new AbortController();
  const options = {
    ...given.options,
    onPlan: (plan: { steps: number }) => {
      steps = plan.steps;
      controller.abort();
    },
    signal: controller.signal,
  };
  await expect(train(options)).rejects.toThrow(Cancelled);
  return steps;
}

function isSameModel(a: TrainResult, b: TrainResult): boolean {
  return [...a.parameters].every(([name, values]) =>
    values.every((value, i) => value === b.parameters.get(name)![i]),
  );
}

describe('a limit of time', () => {
  it('plans the steps that fit: twice as many in twice the time or at twice the speed', async () => {
    const slow = { gigaflops: 0.05, secondsPerStep: 0 };
    const { options } = timed('estimate', slow);
    const estimate = await estimateTime(options, await readData(options));
    const once = 2 * estimate.measurement;
    expect(estimate.step).toBeGreaterThan(0);
    const seconds = Math.ceil((once + 40 * estimate.step) / 0.97);
    const steps = await planned(timed('planned', { ...slow, maxSeconds: seconds }));
    expect(steps).toBe(stepsIn(seconds, estimate, null));
    expect(steps).toBeGreaterThanOrEqual(40);
    const faster = { ...slow, gigaflops: 0.1, maxSeconds: seconds };
    const twice = await planned(timed('faster', faster));
    expect(Math.abs(twice - (2 * steps + Math.floor(once / estimate.step)))).toBeLessThan(4);
    // What is measured between steps takes its part.
    expect(stepsIn(seconds, estimate, 5)).toBeLessThan(steps);
    expect(await planned(timed('fewer', { ...faster, maxSteps: 7 }))).toBe(7);
    // An earlier run has shown that half of what is usual is reached.
    const measured = timed('measured', faster, { usualShare: 0.325 });
    expect(Math.abs((await planned(measured)) - steps)).toBeLessThan(4);
  });

  it('ends a run that is slower than expected when the time is up, with its model', async () => {
    const fast = { gigaflops: 1e6, secondsPerStep: 2, maxSeconds: 11 };
    const { options, notes, steps } = timed('slow', { ...fast, maxSteps: 60 });
    const { ended, steps: taken, heldOutLoss } = await train(options);
    expect(ended).toBe('time');
    expect(taken).toBe(5);
    expect(steps()).toBe(5);
    expect(heldOutLoss.after).toBeLessThan(heldOutLoss.before);
    expect(notes).toEqual([
      'Masked tokens ended after 5 of 60 steps, since the time of 11 seconds was up.',
    ]);
  });

  it('keeps the number of steps and the time used when it is resumed, bit for bit', async () => {
    const speed = { gigaflops: 1e6, secondsPerStep: 1, maxSeconds: 6, maxSteps: 40 };
    const whole = await train(timed('whole', speed).options);
    const controller = new AbortController();
    const cancelled = timed('cancelled', speed);
    const { onMetrics } = cancelled.options;
    await expect(
      train({
        ...cancelled.options,
        signal: controller.signal,
        onMetrics: (metrics) => {
          onMetrics(metrics);
          if (metrics.step === 3) controller.abort();
        },
      }),
    ).rejects.toThrow(Cancelled);
    // A machine that has become faster, which would plan more steps, were it asked again.
    const later = timed('cancelled', { ...speed, gigaflops: 2e6 }, { resume: true });
    const resumed = await train(later.options);
    // One second went into the held-out loss before.
    expect(whole.steps).toBe(5);
    expect(resumed.steps).toBe(5);
    expect(isSameModel(resumed, whole)).toBe(true);
  });

  it('tells why a run ended otherwise', async () => {
    const speed = { gigaflops: 1, secondsPerStep: 0 };
    expect((await train(timed('all', { ...speed, maxSteps: 2 }).options)).ended).toBe('steps');
    const impatient = { evalSteps: 2, earlyStoppingPatience: 1, earlyStoppingThreshold: 100 };
    const best = await train(timed('best', { ...speed, maxSteps: 40, ...impatient }).options);
    expect(best.ended).toBe('noImprovement');
    const asked = timed('asked', { ...speed, maxSteps: 40 });
    const finished = await train({ ...asked.options, isFinishing: () => asked.steps() >= 2 });
    expect(finished.ended).toBe('finish');
  });
});
