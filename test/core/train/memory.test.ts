/** Memory that the system refuses in the middle of a run: the error of a real one, at a chosen place. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutOfMemory } from '../../../src/core/base/errors.js';
import { evaluateMaskedLm } from '../../../src/core/evaluate/maskedLm.js';
import type * as sessions from '../../../src/core/graph/session.js';
import type { GraphSession } from '../../../src/core/graph/session.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainResult } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyConfig, toyDocuments } from './toyCorpus.js';
import { labelled, toyRun } from './toyRun.js';

type Purpose = 'train' | 'embed' | 'evaluate' | 'compare';

interface Run {
  readonly purpose: Purpose;
  /** Rows of the micro-batch; 0 where embeddings are compared. */
  readonly rows: number;
}

const memory = vi.hoisted(() => ({
  /** Whether a run of a graph finds too little. */
  isShort: (_run: { purpose: string; rows: number }): boolean => false,
}));

vi.mock('../../../src/core/graph/session.js', async (original) => {
  const real = await original<typeof sessions>();
  return {
    ...real,
    async createSession(...args: Parameters<typeof sessions.createSession>): Promise<GraphSession> {
      const session = await real.createSession(...args);
      return {
        ...session,
        async run(feeds, outputs) {
          if (memory.isShort(runOf(feeds, outputs))) throw new OutOfMemory();
          await session.run(feeds, outputs);
        },
      };
    },
  };
});

function runOf(...[feeds, outputs]: Parameters<GraphSession['run']>): Run {
  const names = Object.keys(outputs);
  const rows = feeds['attentionBias']?.shape[0] ?? 0;
  if (rows === 0) return { purpose: 'compare', rows };
  if (names.some((name) => name.startsWith('correct.'))) return { purpose: 'evaluate', rows };
  return { purpose: names.length === 1 && names[0] === 'embeddings' ? 'embed' : 'train', rows };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memory-'));
});
afterEach(async () => {
  memory.isShort = () => false;
  await rm(folder, { recursive: true });
});

interface Observed {
  readonly result: TrainResult;
  readonly notes: readonly string[];
  /** Of the runs of graphs that found enough, the largest. */
  readonly largest: Partial<Record<Purpose, number>>;
  /** Of the measurements of the held-out loss, as they were told. */
  readonly shares: readonly number[];
}

const settings = { maxSteps: 4, evalSteps: 1, saveSteps: 3, batchTokens: 256, batchDocuments: 8 };
const trainDocuments = labelled(toyDocuments(24, null, 'train'));
const heldOutDocuments = labelled(toyDocuments(16, null, 'held-out'));
const config = { ...toyConfig, hiddenDropout: 0.1, attentionDropout: 0.1 };

/** @param isShort where there is less memory than a plan could know */
async function run(
  name: string,
  isShort: (run: Run, before: number) => boolean = () => false,
  overrides: Partial<TrainOptions> = {},
  objective: 'declutr' | 'mlm' = 'declutr',
): Promise<Observed> {
  const notes: string[] = [];
  const shares: number[] = [];
  const largest: Partial<Record<Purpose, number>> = {};
  const counts: Partial<Record<Purpose, number>> = {};
  memory.isShort = (found) => {
    const one = found as Run;
    const before = counts[one.purpose] ?? 0;
    counts[one.purpose] = before + 1;
    if (isShort(one, before)) return true;
    largest[one.purpose] = Math.max(largest[one.purpose] ?? 0, one.rows);
    return false;
  };
  const options = toyRun(objective, settings, {
    config,
    trainDocuments,
    heldOutDocuments,
    checkpointFolder: join(folder, name),
    onNote: (sentence) => notes.push(sentence),
    onProgress: ({ phase, done, total }) => {
      if (phase === 'Measuring held-out loss') shares.push(done / total!);
    },
    ...overrides,
  });
  const result = await train(options);
  memory.isShort = () => false;
  return { result, notes, largest, shares };
}

function expectSame(found: TrainResult, expected: TrainResult): void {
  expect(found.steps).toBe(expected.steps);
  expect(found.tokens).toBe(expected.tokens);
  expect(Math.abs(found.heldOutLoss.before - expected.heldOutLoss.before)).toBeLessThan(1e-5);
  expect(Math.abs(found.heldOutLoss.after - expected.heldOutLoss.after)).toBeLessThan(1e-4);
}

const told = (parts: number): string =>
  `Memory ran out, so each micro-batch is cut into ${parts} parts and the run goes on.`;

describe('memory that runs out', () => {
  it('while the held-out loss is measured: it is measured in parts, and said once', async () => {
    const free = await run('free');
    const half = Math.ceil(free.largest.evaluate! / 2);
    expect(half).toBeLessThan(free.largest.evaluate!);
    expect(free.notes).toEqual([]);
    const starved = await run('starved', ({ purpose, rows }) => {
      return purpose === 'evaluate' && rows > half;
    });
    expectSame(starved.result, free.result);
    expect(starved.largest.evaluate).toBe(half);
    // Five measurements, and training gives its memory back with the first of them.
    expect(starved.notes).toEqual([told(2)]);
    expect(starved.largest.train).toBeLessThan(free.largest.train!);
    expect(Math.max(...starved.shares)).toBe(1);
  });

  it('in the middle of a measurement: nothing is counted twice', async () => {
    const free = await run('free', undefined, {}, 'mlm');
    // The first measurement takes several runs.
    expect(free.shares.indexOf(1)).toBeGreaterThan(0);
    const isShort = ({ purpose }: Run, before: number): boolean =>
      purpose === 'evaluate' && before === 1;
    const starved = await run('starved', isShort, {}, 'mlm');
    expectSame(starved.result, free.result);
    expect(starved.notes).toEqual([told(2)]);
    // Told of the first run, and then from the start.
    expect(starved.shares[0]).toBe(free.shares[0]);
    expect(starved.shares[1]).toBeLessThanOrEqual(starved.shares[0]!);
    expect(Math.max(...starved.shares)).toBe(1);
  });

  it.each(['train', 'embed'] as const)(
    'in the middle of a step (%s): the step is taken again, in parts',
    async (purpose) => {
      const free = await run('free');
      // The third run comes after gradients have been added up.
      const starved = await run('starved', (one, before) => {
        return one.purpose === purpose && before === 2;
      });
      expectSame(starved.result, free.result);
      expect(starved.notes).toEqual([told(2)]);
    },
  );

  it('leaves a run that goes on cut as it was, bit for bit', async () => {
    const starve = ({ purpose }: Run, before: number): boolean =>
      purpose === 'evaluate' && before === 0;
    const whole = await run('whole', starve);
    const controller = new AbortController();
    const cancelled = run('cancelled', starve, {
      signal: controller.signal,
      onMetrics: ({ step, loss }) => {
        if (step === 2 && loss !== null) controller.abort();
      },
    });
    await expect(cancelled).rejects.toThrow('Cancelled');
    const resumed = await run('cancelled', undefined, { resume: true });
    expect(resumed.notes).toEqual([]);
    expect(resumed.result.parameters).toEqual(whole.result.parameters);
    expect(resumed.result.heldOutLoss).toEqual(whole.result.heldOutLoss);
  });

  it('though micro-batches are single rows: the run ends in a sentence', async () => {
    for (const purpose of ['train', 'evaluate'] as const) {
      const starved = run(purpose, (one) => one.purpose === purpose);
      await expect(starved).rejects.toThrow('as small as they can be: close other programs');
    }
  });

  it('while a model is evaluated: it is evaluated in parts', async () => {
    const { backend, parameters, tokenizer } = toyRun('mlm', {}, { checkpointFolder: folder });
    const documents = heldOutDocuments;
    const given = { backend, config, parameters, tokenizer, documents, seed: 4, threads: 1 };
    let most = 0;
    memory.isShort = ({ rows }) => {
      most = Math.max(most, rows);
      return false;
    };
    const free = await evaluateMaskedLm(given);
    expect(most).toBeGreaterThan(1);
    let refusals = 0;
    memory.isShort = ({ rows }) => {
      if (rows <= Math.ceil(most / 2)) return false;
      refusals++;
      return true;
    };
    const starved = await evaluateMaskedLm(given);
    expect(refusals).toBe(1);
    expect(Math.abs(starved.loss - free.loss)).toBeLessThan(1e-5);
    expect(starved.maskedTokens).toBe(free.maskedTokens);
    expect(starved.accuracy).toBe(free.accuracy);
  });
});
