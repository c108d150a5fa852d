/** Base models without a masked-language-model head, as sentence-transformers folders are. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { objectives } from '../../../src/core/objectives/registry.js';
import { parseTrainingConfig } from '../../../src/core/train/config.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions, TrainingMetrics } from '../../../src/core/train/trainingRun.js';
import { toyConfig, toyParameters } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

const bert: EncoderConfig = { ...toyConfig, modelType: 'bert', padTokenId: 1 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'head-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const isHead = (name: string): boolean => name.startsWith('cls.');

function optionsFor(training: object, overrides: Partial<TrainOptions> = {}): TrainOptions {
  return toyRun(
    'mlm',
    { headWarmupSteps: 12, learningRate: 1e-4, warmupSteps: null, ...training },
    {
      config: bert,
      parameters: new Map([...toyParameters(bert)].filter(([name]) => !isHead(name))),
      newHead: true,
      checkpointFolder: join(folder, 'checkpoints'),
      ...overrides,
    },
  );
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('a base model without a head', () => {
  it('gets one that learns alone before the figures before training are taken', async () => {
    const notes: string[] = [];
    const onNote = (sentence: string): void => void notes.push(sentence);
    // A learning rate that leaves everything where the warm-up put it.
    const one = await train(optionsFor({ maxSteps: 1, learningRate: 1e-9 }, { onNote }));
    expect(notes).toEqual([expect.stringMatching(/no masked-language-model head.*12 steps/)]);
    const more = await train(
      optionsFor(
        { maxSteps: 1, learningRate: 1e-9, headWarmupSteps: 60 },
        { checkpointFolder: join(folder, 'more') },
      ),
    );
    expect(more.heldOutLoss.before).toBeLessThan(one.heldOutLoss.before);
    const given = toyParameters(bert);
    for (const [name, values] of one.parameters) {
      if (isHead(name)) continue;
      const moved = Math.max(...values.map((value, i) => Math.abs(value - given.get(name)![i]!)));
      expect(moved, name).toBeLessThan(1e-7);
    }
    expect([...one.parameters.keys()].filter(isHead).length).toBe(5);
  });

  it.each([{}, { lora: { rank: 2, modules: ['query'] } }])(
    'goes on bit for bit after a cancel in the warm-up, at its end and after it (%j)',
    async (training) => {
      const settings = { ...training, maxSteps: 6, learningRate: 3e-3, saveSteps: 2 };
      const lines: TrainingMetrics[] = [];
      const whole = await train(
        optionsFor(settings, {
          checkpointFolder: join(folder, 'whole'),
          onMetrics: (line) => lines.push(line),
        }),
      );
      expect(lines.filter(({ loss }) => loss !== null).map(({ step }) => step)).toEqual(
        Array.from({ length: 18 }, (_, i) => i + 1),
      );
      // The figure before training is taken after the warm-up.
      const heldOut = lines.filter(({ heldOutLoss }) => heldOutLoss !== null);
      expect(heldOut.map(({ step }) => step)).toEqual([12, 18]);
      expect(whole.steps).toBe(18);
      for (const [at, warmsUp] of [
        [5, true],
        [12, true],
        [15, false],
      ] as const) {
        const checkpointFolder = join(folder, `cancelled-${at}`);
        const controller = new AbortController();
        const onMetrics = ({ step }: TrainingMetrics): void => {
          if (step === at) controller.abort();
        };
        const { signal } = controller;
        await expect(
          train(optionsFor(settings, { checkpointFolder, onMetrics, signal })),
        ).rejects.toThrow(Cancelled);
        const steps: [string, number][] = [];
        const resumed = await train(
          optionsFor(settings, {
            checkpointFolder,
            resume: true,
            onProgress: ({ phase, done, unit }) => {
              if (unit === 'steps') steps.push([phase, done]);
            },
          }),
        );
        const warmUp = steps.filter(([phase]) => phase === 'Warming up the new head');
        expect(warmUp.length > 0).toBe(warmsUp && at < 12);
        expect(steps[0]![1]).toBe(at + 1);
        const { tokensPerSecond, gemmShare } = resumed;
        expect(resumed).toEqual({ ...whole, tokensPerSecond, gemmShare });
      }
    },
  );

  it('plans the warm-up before it begins, and shortens it with the run', async () => {
    const events: string[] = [];
    const given: number[] = [];
    const { signal, abort } = abortable();
    const run = train({
      ...optionsFor(
        { maxSteps: 10, headWarmupSteps: null },
        {
          signal,
          onProgress: ({ phase, total }) => {
            events.push(phase);
            if (phase === 'Warming up the new head') given.push(total ?? 0);
          },
        },
      ),
      onPlan: ({ steps, stages, memoryBytes, diskBytes, expectedSeconds }) => {
        events.push('plan');
        expect(steps).toBe(13);
        expect(stages).toEqual([
          { label: 'Warm-up of the new head', steps: 3 },
          { label: 'Masked tokens', steps: 10 },
        ]);
        expect(Math.min(memoryBytes, diskBytes, expectedSeconds!)).toBeGreaterThan(0);
      },
      onWarmedUp: (parameters, { steps }) => {
        expect(steps).toBe(3);
        expect([...parameters.keys()].filter(isHead).length).toBe(5);
        abort();
        return Promise.resolve();
      },
    });
    await expect(run).rejects.toThrow(Cancelled);
    expect(events.indexOf('plan')).toBeLessThan(events.indexOf('Warming up the new head'));
    expect(given).toEqual([13, 13, 13]);
  });

  it('needs none where no token is predicted', async () => {
    const settings = { maxSteps: 2, batchDocuments: 8 };
    const parsed = parseTrainingConfig({ ...settings, lossWeights: { mlm: 0 } });
    const objective = objectives.declutr({ config: bert, settings: parsed, categories: [] });
    const { parameters } = await train(optionsFor(settings, { objective }));
    expect([...parameters.keys()].filter(isHead)).toEqual([]);
  });
});
