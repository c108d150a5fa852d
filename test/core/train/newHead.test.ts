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
    'goes on bit for bit after a cancel, without another warm-up (%j)',
    async (training) => {
      const settings = { ...training, maxSteps: 6, learningRate: 3e-3 };
      const whole = await train(optionsFor(settings, { checkpointFolder: join(folder, 'whole') }));
      const controller = new AbortController();
      const onMetrics = ({ step }: TrainingMetrics): void => {
        if (step === 3) controller.abort();
      };
      const { signal } = controller;
      await expect(train(optionsFor(settings, { onMetrics, signal }))).rejects.toThrow(Cancelled);
      const phases = new Set<string>();
      const resumed = await train(
        optionsFor(settings, { resume: true, onProgress: ({ phase }) => phases.add(phase) }),
      );
      expect(phases).not.toContain('Warming up the new head');
      expect(resumed.parameters).toEqual(whole.parameters);
    },
  );

  it('needs none where no token is predicted', async () => {
    const settings = { maxSteps: 2, batchDocuments: 8 };
    const parsed = parseTrainingConfig({ ...settings, lossWeights: { mlm: 0 } });
    const objective = objectives.declutr({ config: bert, settings: parsed, categories: [] });
    const { parameters } = await train(optionsFor(settings, { objective }));
    expect([...parameters.keys()].filter(isHead)).toEqual([]);
  });
});
