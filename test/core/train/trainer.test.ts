import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { evaluateMaskedLm } from '../../../src/core/evaluate/maskedLm.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import { toyConfig, toyDocuments } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function options(overrides: Partial<TrainOptions> = {}, training: object = {}): TrainOptions {
  return toyRun(
    'mlm',
    { maxSteps: 12, warmupSteps: 4, ...training },
    {
      trainDocuments: toyDocuments(200, null, 'train'),
      checkpointFolder: join(folder, 'checkpoints'),
      ...overrides,
    },
  );
}

describe('train', () => {
  it('lowers the held-out loss and says what it did', async () => {
    const lines: TrainingMetrics[] = [];
    const onMetrics = (line: TrainingMetrics): void => void lines.push(line);
    const given = options({ onMetrics }, { maxSteps: 40, evalSteps: 15 });
    const before = [...given.parameters].map(([, values]) => values.slice());
    const result = await train(given);
    expect(result.heldOutLoss.before).toBeGreaterThan(Math.log(48) - 0.3);
    expect(result.heldOutLoss.after).toBeLessThan(result.heldOutLoss.before - 0.3);
    expect(result.loss.last).toBeLessThan(result.loss.first!);
    expect(result.steps).toBe(40);
    expect(result.tokens).toBeGreaterThan(40 * 400);
    expect(result.tokensPerSecond).toBeGreaterThan(0);
    const steps = lines.filter(({ loss }) => loss !== null);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(steps.every(({ gradNorm }) => gradNorm! > 0)).toBe(true);
    const heldOut = lines.filter(({ heldOutLoss }) => heldOutLoss !== null);
    expect(heldOut.map(({ step }) => step)).toEqual([0, 15, 30, 40]);
    // What was given stays as it was.
    expect([...given.parameters].map(([, values]) => values)).toEqual(before);
  });

  it('measures the held-out loss as the evaluation does', async () => {
    const given = options({}, { maxSteps: 1 });
    const { heldOutLoss, parameters } = await train(given);
    const { backend, config, tokenizer, heldOutDocuments: documents, seed, threads } = given;
    const score = await evaluateMaskedLm({
      backend,
      config,
      parameters,
      tokenizer,
      documents,
      seed,
      threads,
    });
    expect(score.loss).toBeCloseTo(heldOutLoss.after, 5);
    expect(score.perplexity).toBeCloseTo(Math.exp(score.loss), 6);
    expect(score.accuracy).toBeGreaterThanOrEqual(0);
  });

  it('goes on bit for bit after a cancel', async () => {
    const whole = await train(options({ threads: 2, checkpointFolder: join(folder, 'whole') }));
    const controller = new AbortController();
    const onMetrics = ({ step }: TrainingMetrics): void => {
      if (step === 5) controller.abort();
    };
    await expect(
      train(options({ threads: 2, onMetrics, signal: controller.signal })),
    ).rejects.toThrow(Cancelled);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['step-000000005.checkpoint']);
    const seen: number[] = [];
    const resumed = await train(
      options({
        resume: true,
        threads: 2,
        onMetrics: ({ step, loss }) => {
          if (loss !== null) seen.push(step);
        },
      }),
    );
    expect(seen).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.loss).toEqual(whole.loss);
    expect(resumed.heldOutLoss).toEqual(whole.heldOutLoss);
    expect(resumed.tokens).toBe(whole.tokens);
    expect(resumed.steps).toBe(12);
  });

  it('measures a held-out loss again that a cancel cut short, and keeps no half-written file', async () => {
    const training = { evalSteps: 3, earlyStoppingPatience: 1, earlyStoppingThreshold: 50 };
    const whole = await train(options({ checkpointFolder: join(folder, 'whole') }, training));
    expect(whole.steps).toBe(6);
    const controller = new AbortController();
    const interrupted = options(
      {
        signal: controller.signal,
        onProgress: ({ phase, done }) => {
          if (phase === 'Training' && done === 3) controller.abort();
        },
      },
      training,
    );
    await expect(train(interrupted)).rejects.toThrow(Cancelled);
    const left = join(folder, 'checkpoints', '.step-000000004.checkpoint.1-0.tmp');
    await writeFile(left, 'half');
    const heldOut: number[] = [];
    const onMetrics = ({ step, heldOutLoss }: TrainingMetrics): void => {
      if (heldOutLoss !== null) heldOut.push(step);
    };
    const resumed = await train(options({ resume: true, onMetrics }, training));
    expect(heldOut).toEqual([3, 6, 6]);
    expect(resumed.steps).toBe(6);
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(
      await readdir(join(folder, 'whole')),
    );
  });

  it('goes on with another number of threads, and says what that means', async () => {
    await train(options({}, { maxSteps: 2 }));
    const notes: string[] = [];
    const onNote = (sentence: string): void => void notes.push(sentence);
    const result = await train(options({ resume: true, threads: 2, onNote }, { maxSteps: 2 }));
    expect(result.steps).toBe(2);
    expect(notes).toEqual([expect.stringContaining('2 threads after 1')]);
  });

  it('refuses to resume another run', async () => {
    await train(options({}, { maxSteps: 2 }));
    await expect(train(options({ resume: true, seed: 8 }, { maxSteps: 2 }))).rejects.toThrow(
      'another seed:',
    );
  });

  it('refuses to go on over another base model, of which only some is in the checkpoint', async () => {
    const lora = { maxSteps: 2, lora: { rank: 2 } };
    await train(options({ baseHash: 'one' }, lora));
    const resume = (baseHash: string) => train(options({ baseHash, resume: true }, lora));
    await expect(resume('other')).rejects.toThrow('another base model:');
    expect((await resume('one')).steps).toBe(2);
  });

  it('takes the same step in one micro-batch or in several', async () => {
    const config = { ...toyConfig, hiddenDropout: 0, attentionDropout: 0 };
    const trainDocuments = toyDocuments(16, 30, 'equal');
    const run = async (training: object) =>
      train(options({ config, trainDocuments }, { maxSteps: 3, warmupSteps: 0, ...training }));
    const one = await run({ batchTokens: 512 });
    const four = await run({ batchTokens: 128, gradientAccumulationSteps: 4 });
    expect(four.tokens).toBe(one.tokens);
    for (const [name, values] of one.parameters) {
      const others = four.parameters.get(name)!;
      // The true gradient of a key's bias is 0, so that AdamW magnifies rounding.
      const tolerance = name.endsWith('key.bias') ? 1e-2 : 2e-5;
      values.forEach((value, i) => {
        expect(Math.abs(value - others[i]!), name).toBeLessThan(tolerance);
      });
    }
  });

  it('draws other dropout masks in another run', async () => {
    const trainDocuments = toyDocuments(16, 30, 'equal');
    const run = async (rate: number) => {
      const config = { ...toyConfig, hiddenDropout: rate, attentionDropout: rate };
      return train(options({ config, trainDocuments }, { maxSteps: 1, batchTokens: 512 }));
    };
    const [none, some] = [await run(0), await run(0.3)];
    expect(some.loss.first).not.toBe(none.loss.first);
    expect(Math.abs(some.loss.first! - none.loss.first!)).toBeLessThan(0.3);
  });

  it('waits at the gate between micro-batches and hears a cancel there', async () => {
    let passed = 0;
    const controller = new AbortController();
    const pauseGate = async (): Promise<void> => {
      await Promise.resolve();
      if (++passed === 2) controller.abort();
    };
    const run = train(options({ pauseGate, signal: controller.signal }));
    await expect(run).rejects.toThrow(Cancelled);
    expect(passed).toBe(2);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual([]);
  });

  it('counts no pause as training time', async () => {
    let [time, gates] = [0, 0];
    const now = (): number => (time += 20);
    const hour = 3_600_000;
    const pauseGate = async (): Promise<void> => {
      await Promise.resolve();
      if (++gates % 10 === 0) time += hour;
    };
    let speed = Infinity;
    const onMetrics = ({ tokensPerSecond }: TrainingMetrics): void => {
      speed = Math.min(speed, tokensPerSecond ?? Infinity);
    };
    const result = await train(options({ now, pauseGate, onMetrics }));
    expect(time).toBeGreaterThan(hour);
    expect(result.tokensPerSecond).toBeGreaterThan(1000);
    expect(speed).toBeGreaterThan(1000);
  });

  it('stops where the loss is not a number, and keeps the last checkpoint', async () => {
    const onMetrics = ({ step, loss }: TrainingMetrics): void => {
      if (step === 4 && loss !== null) given.training = { ...given.training, learningRate: 1e30 };
    };
    const given: { -readonly [K in keyof TrainOptions]: TrainOptions[K] } = options(
      { onMetrics },
      { saveSteps: 4 },
    );
    await expect(train(given)).rejects.toThrow(/is not a number.*lower learningRate/);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['step-000000004.checkpoint']);
  });

  it('counts notes without text, drops no other and refuses to train on none', async () => {
    const blank = toyDocuments(3, 0, 'blank');
    const trainDocuments = [
      ...toyDocuments(5, 1, 'short'),
      ...blank,
      ...toyDocuments(1, 500, 'long'),
    ];
    const result = await train(options({ trainDocuments }, { maxSteps: null, epochs: 1 }));
    expect(result.documentsSkipped).toBe(3);
    // Five notes of 1 token, and one of 500 in six windows, each with two special tokens.
    expect(result.tokens).toBe(5 * 3 + 500 + 6 * 2);
    await expect(train(options({ trainDocuments: blank }))).rejects.toThrow('No document is left');
  });
});
