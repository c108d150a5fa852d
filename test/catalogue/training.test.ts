/** A made-up objective is trained, its settings are checked, completed and said to be unused. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as registry from '../../src/core/objectives/registry.js';
import type { CreateObjective, ObjectiveSetup } from '../../src/core/objectives/objective.js';
import { addMadeUp, madeUp } from './madeUp.js';

addMadeUp();
vi.doMock('../../src/core/objectives/registry.js', async (original) => {
  const { objectives } = await original<typeof registry>();
  return {
    objectives: { ...objectives, [madeUp.objective]: (setup: ObjectiveSetup) => echo(setup) },
  };
});
const { lossWeightsOf } = await import('../../src/core/objectives/lossWeights.js');
const { maskedTokens } = await import('../../src/core/objectives/maskedTokens.js');
const { windowSampler } = await import('../../src/core/objectives/sampling/windowSampler.js');
const { parseTrainingConfig, trainingConfigSchema } =
  await import('../../src/core/train/config.js');
const { train } = await import('../../src/core/train/trainer.js');
const { unusedSettings } = await import('../../src/core/train/unusedSettings.js');
const { comparedSettings } = await import('../../src/extension/runs/comparedSettings.js');
const { numberLoss } = await import('../core/objectives/madeUpLoss.js');
const { toyRun } = await import('../core/train/toyRun.js');

/** Its file: it learns how long a window's note is, beside masked tokens. */
const echo: CreateObjective = ({ config, settings }) => ({
  name: madeUp.objective,
  lossWeights: lossWeightsOf(madeUp.objective, settings),
  losses: [maskedTokens, numberLoss(madeUp.loss, config.hiddenSize)],
  stepLoss: null,
  createSampler: (setup) =>
    windowSampler(setup, {
      predicts: true,
      targetsOf: (document) => ({
        [madeUp.loss]: {
          labels: Float32Array.of(setup.documents[document]!.ids.length / 60),
          positions: null,
          weight: 1,
        },
      }),
    }),
  describe: () => ({ categories: null, advice: ['Made up.'] }),
});

let checkpointFolder: string;
beforeAll(async () => {
  checkpointFolder = await mkdtemp(join(tmpdir(), 'echo-'));
});
afterAll(() => rm(checkpointFolder, { recursive: true, force: true }));

describe('A made-up objective', () => {
  it('is trained, its losses in the metrics and its advice in the plan', async () => {
    const names = new Set<string>();
    const advice: string[] = [];
    const { heldOutLoss } = await train({
      ...toyRun(madeUp.objective, { maxSteps: 12, learningRate: 0.01 }, { checkpointFolder }),
      onMetrics: ({ losses, heldOutLosses }) => {
        for (const name of Object.keys({ ...losses, ...heldOutLosses })) names.add(name);
      },
      onPlan: (plan) => advice.push(...plan.advice),
    });
    expect([...names].sort()).toEqual([madeUp.loss, 'mlm']);
    expect(advice).toContain('Made up.');
    expect(heldOutLoss.after).toBeLessThan(heldOutLoss.before);
  });

  it('has its settings and weights in the schema, and they are checked', () => {
    const { properties } = trainingConfigSchema() as { properties: Record<string, unknown> };
    expect(properties['echoesPerNote']).toMatchObject({ default: 4, type: 'integer', minimum: 1 });
    expect(properties['echoStrength']).toMatchObject({ default: 0.5, maximum: 1 });
    expect(JSON.stringify(properties['lossWeights'])).toContain(madeUp.loss);
    expect(parseTrainingConfig({ echoStrength: 0.25 })).toMatchObject({ echoStrength: 0.25 });
    expect(() => parseTrainingConfig({ echoStrength: 2 })).toThrow(
      '"echoStrength" must be a number between 0 and 1',
    );
  });

  it('reads its settings, and others do not', () => {
    const facts = { window: 512, hasMlmHead: true, hasOwnSplit: false };
    const given = { echoesPerNote: 3, temperature: 0.1 };
    const unused = (objective: typeof madeUp.objective): string | null =>
      unusedSettings(given, parseTrainingConfig(given), { objective, ...facts });
    expect(unused(madeUp.objective)).toContain('The setting temperature changes nothing');
    expect(unused('mlm')).toContain('echoesPerNote and temperature');
  });

  it('has its settings compared before its curves are', async () => {
    const settings = await comparedSettings({ objective: madeUp.objective, config: {} });
    expect(settings).toMatchObject({ echoesPerNote: '4', echoStrength: '0.5' });
    expect(settings['lossWeights']).toContain(madeUp.loss);
  });
});
