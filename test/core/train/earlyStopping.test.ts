import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainResult } from '../../../src/core/train/trainer.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import { toyConfig, toyDocuments } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

let folder: string;
/** A run that early stopping ends, which the others are compared with. */
let whole: Observed;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'early-stopping-'));
  whole = await run('whole', patient);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A constant rate, under which a step is the same however long the run is. */
const shared = { learningRateSchedule: 'constant', warmupSteps: 0, learningRate: 0.01 };
/** Few enough notes to be known by heart, so that the held-out loss falls, turns and rises. */
const trainDocuments = toyDocuments(24, 30, 'few');
const heldOutDocuments = toyDocuments(20, 30, 'held-out');
const config = { ...toyConfig, hiddenDropout: 0.01, attentionDropout: 0.01 };

interface Observed {
  readonly result: TrainResult;
  readonly notes: readonly string[];
  /** By step, in the order of their measurement. */
  readonly heldOut: readonly { readonly step: number; readonly loss: number }[];
}

async function run(
  name: string,
  training: object,
  overrides: Partial<TrainOptions> = {},
): Promise<Observed> {
  const notes: string[] = [];
  const heldOut: { step: number; loss: number }[] = [];
  const options = toyRun(
    'mlm',
    { ...shared, ...training },
    {
      config,
      trainDocuments,
      heldOutDocuments,
      checkpointFolder: join(folder, name),
      onNote: (sentence) => notes.push(sentence),
      onMetrics: ({ step, heldOutLoss }) => {
        if (heldOutLoss !== null) heldOut.push({ step, loss: heldOutLoss });
      },
      ...overrides,
    },
  );
  return { result: await train(options), notes, heldOut };
}

const patient = { maxSteps: 200, evalSteps: 5, earlyStoppingPatience: 2, saveTotalLimit: 1 };

/** Bit for bit; a difference of maps would be printed number by number. */
function isSameModel(a: TrainResult, b: TrainResult): boolean {
  return [...a.parameters].every(([name, values]) => {
    const others = b.parameters.get(name)!;
    return values.every((value, i) => value === others[i]);
  });
}

describe('early stopping', () => {
  it('ends with the best model, that of a run of so many steps', async () => {
    const { result, notes, heldOut } = whole;
    const measured = heldOut.filter(({ step }) => step > 0).slice(0, -1);
    const best = measured.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(best.step).toBeGreaterThan(5);
    expect(result.steps).toBe(best.step + 2 * 5);
    expect(notes).toEqual([expect.stringContaining(`lowest after step ${best.step}:`)]);
    expect(result.heldOutLoss.after).toBe(best.loss);
    const short = await run('short', { maxSteps: best.step });
    expect(isSameModel(short.result, result)).toBe(true);
  });

  it('comes to the same end after a cancel between the best model and the last', async () => {
    const controller = new AbortController();
    const onMetrics = ({ step }: TrainingMetrics): void => {
      if (step === whole.result.steps - 2) controller.abort();
    };
    const cancelled = run('cancelled', patient, { onMetrics, signal: controller.signal });
    await expect(cancelled).rejects.toThrow(Cancelled);
    const resumed = await run('cancelled', patient, { resume: true });
    expect(isSameModel(resumed.result, whole.result)).toBe(true);
    expect(resumed.result.heldOutLoss).toEqual(whole.result.heldOutLoss);
    expect(resumed.notes).toEqual(whole.notes);
  });

  it('waits for improvements of the threshold, and not for smaller ones', async () => {
    const { result } = await run('impatient', { ...patient, earlyStoppingThreshold: 100 });
    expect(result.steps).toBe(3 * 5);
  });

  it('counts the last step among the measured ones', async () => {
    const best = whole.heldOut.reduce((a, b) => (b.loss < a.loss ? b : a)).step;
    // The run ends three steps after its best measurement, on the way up.
    const up = await run('up', { ...patient, maxSteps: best + 3 });
    expect(isSameModel(up.result, whole.result)).toBe(true);
    expect(up.notes).toEqual(whole.notes);
    // Early on each step is better than those before, whatever the threshold.
    const down = await run('down', { ...patient, maxSteps: 3 });
    expect(down.notes).toEqual([]);
    expect(down.result.heldOutLoss.after).toBeLessThan(down.result.heldOutLoss.before);
  });

  it('falls back to the last step where the best checkpoint is broken', async () => {
    const best = whole.result.steps - 2 * 5;
    const broken = join(folder, 'broken', `step-${String(best).padStart(9, '0')}.checkpoint`);
    const onMetrics = ({ step, heldOutLoss }: TrainingMetrics): void => {
      if (step !== whole.result.steps || heldOutLoss === null) return;
      const bytes = readFileSync(broken);
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(broken, bytes);
    };
    const { result, notes } = await run('broken', patient, { onMetrics });
    expect(notes).toEqual([expect.stringContaining('whose checkpoint is broken')]);
    const last = await run('last', { maxSteps: whole.result.steps });
    expect(isSameModel(result, last.result)).toBe(true);
  });

  it('is off unless it is asked for', async () => {
    const { result, notes } = await run('off', { maxSteps: 10, evalSteps: 5 });
    expect(result.steps).toBe(10);
    expect(notes).toEqual([]);
  });
});
