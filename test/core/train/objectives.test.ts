/** Every objective through the whole trainer: what is true of all of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { loraModules } from '../../../src/core/encoder/lora.js';
import type { RunPlan } from '../../../src/core/train/runPlan.js';
import { trainStep } from '../../../src/core/train/step.js';
import { train } from '../../../src/core/train/trainer.js';
import { prepareRun } from '../../../src/core/train/trainingRun.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import { firstGradients } from '../backend/firstGradients.js';
import { toyDocuments } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'objectives-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const optionsFor = (
  name: ObjectiveName,
  training: object = {},
  overrides: Partial<TrainOptions> = {},
): TrainOptions =>
  toyRun(name, training, { checkpointFolder: join(folder, 'checkpoints'), ...overrides });

const fast = { learningRate: 0.02 };

const cases = [
  ['mlm', {}, ['mlm']],
  ['mlm', { wholeWordMasking: true }, ['mlm']],
  ['declutr', {}, ['mlm', 'ntXent']],
  ['declutr', { lossWeights: { mlm: 0 } }, ['ntXent']],
  ['note-category', {}, ['mlm', 'category']],
  ['note-category', { categoryLoss: 'sup-con' }, ['mlm', 'category']],
  [
    'declutr',
    { lora: { rank: 4, modules: loraModules, dropout: 0.1 }, ...fast },
    ['mlm', 'ntXent'],
  ],
  ['declutr', { lossWeights: { ntXent: 0 } }, ['mlm']],
  ['note-category', { lora: { rank: 4, modules: loraModules }, ...fast }, ['mlm', 'category']],
  [
    'note-category',
    { categoryLoss: 'sup-con', lora: { rank: 4, modules: loraModules }, ...fast },
    ['mlm', 'category'],
  ],
  ['note-category', { frozenLayers: 1, freezeEmbeddings: true }, ['mlm', 'category']],
  ['tsdae', {}, ['denoising']],
  ['tsdae', { lora: { rank: 4, modules: loraModules, dropout: 0.1 }, ...fast }, ['denoising']],
] as const;

describe.each(cases)('%s %j', (name, training, losses) => {
  it('lowers its held-out loss, tells each part of it, and plans ahead', async () => {
    const lines: TrainingMetrics[] = [];
    const plans: RunPlan[] = [];
    const options = optionsFor(name, { ...training, maxSteps: 40 });
    const result = await train({
      ...options,
      onMetrics: (line) => lines.push(line),
      onPlan: (plan) => plans.push(plan),
    });
    expect(result.heldOutLoss.after).toBeLessThan(result.heldOutLoss.before);
    expect(result.steps).toBe(40);
    const { lossWeights } = options.objective;
    for (const line of lines) {
      const parts = line.loss === null ? line.heldOutLosses! : line.losses;
      // Where notes of categories are compared, those of a step may all be of one.
      const isCompared = !('categoryLoss' in training) || 'category' in parts;
      const told = losses.filter((loss) => isCompared || loss !== 'category');
      expect(Object.keys(parts).sort()).toEqual([...told].sort());
      const sum = told.reduce((total, loss) => total + lossWeights[loss]! * parts[loss]!, 0);
      expect(line.loss ?? line.heldOutLoss).toBeCloseTo(sum, 6);
    }
    // Heads of the objective stay behind.
    expect([...result.parameters.keys()]).toEqual([...options.parameters.keys()]);
    const [plan] = plans;
    expect(plans.length).toBe(1);
    expect(plan!.steps).toBe(40);
    expect(plan!.tokensPerStep * 40).toBeGreaterThan(0.7 * result.tokens);
    expect(plan!.tokensPerStep * 40).toBeLessThan(1.4 * result.tokens);
    expect(plan!.expectedSeconds).toBeGreaterThan(0);
    expect(plan!.categories?.length ?? null).toBe(name === 'note-category' ? 2 : null);
  });

  it('goes on bit for bit after a cancel', async () => {
    const whole = await train(optionsFor(name, training, { checkpointFolder: join(folder, 'w') }));
    const controller = new AbortController();
    const onMetrics = ({ step }: TrainingMetrics): void => {
      if (step === 4) controller.abort();
    };
    const { signal } = controller;
    await expect(train(optionsFor(name, training, { onMetrics, signal }))).rejects.toThrow(
      Cancelled,
    );
    const resumed = await train(optionsFor(name, training, { resume: true }));
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.heldOutLoss).toEqual(whole.heldOutLoss);
    expect(resumed.tokens).toBe(whole.tokens);
  });

  it('takes the same step however finely it is cut, dropout and all', async () => {
    const gradients: Float32Array[] = [];
    const outcomes: number[] = [];
    for (const split of [1, 2, 64]) {
      const run = await prepareRun(optionsFor(name, { ...training, maxGradNorm: 1e6 }));
      try {
        await run.prepared.cut(split);
        const { loss } = await trainStep(run, 0);
        outcomes.push(loss);
        const found = [...(await firstGradients(run)).values()];
        gradients.push(Float32Array.from(found.flatMap((values) => [...values])));
      } finally {
        await run.prepared.release();
      }
    }
    const [whole, ...others] = gradients;
    const norm = Math.hypot(...whole!);
    expect(norm).toBeGreaterThan(0);
    for (const other of others) {
      const difference = Math.hypot(...whole!.map((value, i) => value - other[i]!));
      expect(difference / norm).toBeLessThan(1e-4);
    }
    for (const loss of outcomes) expect(Math.abs(loss / outcomes[0]! - 1)).toBeLessThan(1e-5);
  });
});

describe('a step that has nothing for a loss', () => {
  /** Of so many notes one has a category. */
  const few = (every: number) =>
    toyDocuments(60, 30, 'few').map((document, i) => ({
      ...document,
      category: i % every === 0 ? (i % (2 * every) === 0 ? 'even' : 'odd') : null,
    }));

  it.each([
    ['cross-entropy', 12],
    ['sup-con', 2],
  ])('leaves it out: %s', async (categoryLoss, every) => {
    const lines: TrainingMetrics[] = [];
    const training = { categoryLoss, batchSequences: 4, batchDocuments: 6, maxSteps: 12 };
    const trainDocuments = few(every);
    await train(
      optionsFor('note-category', training, {
        trainDocuments,
        onMetrics: (line) => lines.push(line),
      }),
    );
    const steps = lines.filter(({ loss }) => loss !== null);
    const without = steps.filter(({ losses }) => !('category' in losses));
    expect(without.length).toBeGreaterThan(0);
    expect(without.length).toBeLessThan(steps.length);
    for (const { losses } of steps) expect(losses.category).not.toBe(0);
    for (const { loss, losses } of without) expect(loss).toBeCloseTo(losses.mlm!, 6);
  });

  it('takes none of them for the first or last loss', async () => {
    const training = { lossWeights: { mlm: 0, category: 1 }, batchSequences: 4, maxSteps: 12 };
    const lines: TrainingMetrics[] = [];
    const result = await train(
      optionsFor('note-category', training, {
        trainDocuments: few(12),
        onMetrics: (line) => lines.push(line),
      }),
    );
    const losses = lines.flatMap((line) => line.losses.category ?? []);
    expect(losses.length).toBeLessThan(12);
    const half = Math.floor(losses.length / 2);
    const mean = (part: number[]): number => part.reduce((a, b) => a + b, 0) / part.length;
    expect(result.loss.first).toBeCloseTo(mean(losses.slice(0, half)), 6);
    expect(result.loss.last).toBeCloseTo(mean(losses.slice(-half)), 6);
  });
});
