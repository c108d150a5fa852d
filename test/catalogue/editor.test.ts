/** What is new in the catalogue is in the editor: lists, arguments, settings, rows and configurations. */
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EvaluateJob } from '../../src/protocol/evaluation.js';
import type { JobSpec, RunState } from '../../src/protocol/run.js';
import { host } from '../host/fakeVscode.js';
import { fakeServices, settled } from '../extension-unit/fixtures/services.js';
import { addMadeUp, family, madeUp, objective, protocol } from './madeUp.js';

addMadeUp();
const { objectiveItems, objectiveProblem } = await import('../../src/extension/ask/objectives.js');
const { createCorpusPreview } = await import('../../src/extension/panels/corpusPreview.js');
const { argumentSchemas } = await import('../../src/extension/commands/arguments.js');
const { evaluate } = await import('../../src/extension/commands/evaluate.js');
const configurations = await import('../../src/extension/commands/trainingConfiguration.js');
const { offeredDevices } = await import('../../src/extension/contributions.js');
const { modelText } = await import('../../src/extension/runs/models.js');
const { readSettings, unofferedDevice } = await import('../../src/extension/settings.js');
const { runText } = await import('../../src/engine/runText.js');

const ward = {
  name: 'ward',
  spec: { source: '/notes', mapping: {} },
  runs: '/runs',
  workspaceFolder: { uri: { fsPath: '/' } },
} as never;
beforeEach(() => host.reset());

describe('A made-up objective', () => {
  it('is in the list, with its sentence and what its categories are', () => {
    const item = objectiveItems({ day: 3, night: 2 }).find(
      ({ value }) => value === madeUp.objective,
    );
    expect(item).toMatchObject({ label: objective.purpose, detail: objective.sentence });
    expect(item?.description).toBe('2 categories of 2 to 3 notes');
  });

  it('is refused where the notes lack what it needs', () => {
    const problem = (categories: Record<string, number>, field: string | null): string | null =>
      objectiveProblem(madeUp.objective, { categories, mapping: { ward: field } as never }, ward);
    expect(problem({}, 'bay')).toMatch(/have no category/);
    expect(problem({ a: 1, b: 1 }, null)).toMatch(/have no field for: Ward/);
    expect(problem({ a: 1, b: 1 }, 'bay')).toBeNull();
  });

  it('is an argument of Pre-train, and others are none', () => {
    const { pretrain } = argumentSchemas;
    expect(pretrain.safeParse({ objective: madeUp.objective }).success).toBe(true);
    expect(pretrain.safeParse({ objective: 'nonsense' }).success).toBe(false);
  });

  it('has a configuration to start from, which is found again by its name', () => {
    expect(configurations.startingConfiguration(madeUp.objective)).toMatchObject({
      batchDocuments: 32,
      lossWeights: { echoLoss: 0.7, mlm: 1 },
      echoesPerNote: 6,
      echoStrength: 0.5,
      mlmProbability: 0.15,
    });
    // Read only where echoes are at their loudest.
    expect(configurations.startingConfiguration(madeUp.objective)).not.toHaveProperty('echoDelay');
    const path = configurations.configurationPath('/home', madeUp.objective);
    expect(configurations.objectiveOf(path)).toBe(madeUp.objective);
  });

  it('is called by its label in the list of runs', () => {
    const spec = { kind: 'pretrain', objective: madeUp.objective } as JobSpec;
    const state = { status: 'failed', progress: null, result: null } as RunState;
    expect(runText({ spec, state })).toBe('Echo, failed');
  });
});

describe('A made-up protocol', () => {
  it('is asked for when a model is evaluated, and goes into the job', async () => {
    const isIt = ({ value }: { value?: unknown }): boolean =>
      Array.isArray(value) && value.includes(madeUp.protocol);
    host.pick = (items) => items.find(isIt);
    const started: EvaluateJob[] = [];
    const none = (): Promise<never[]> => Promise.resolve([]);
    const corpora = {
      whenLoaded: () => Promise.resolve(),
      all: () => [ward],
      active: () => ward,
      claim: (corpus: object) => Promise.resolve(corpus),
      runFolders: none,
      modelFolders: none,
    };
    const start = (_runs: string, spec: EvaluateJob): never => {
      started.push(spec);
      throw new Error('enough');
    };
    const bundledModel = fileURLToPath(new URL('../fixtures/starter', import.meta.url));
    const services = { corpora, jobs: { start }, places: { bundledModel } };
    await expect(evaluate(services as never, null)).rejects.toThrow('enough');
    expect(host.lists.flat()).toContainEqual({
      label: protocol.label,
      detail: protocol.sentence,
      value: [madeUp.protocol],
    });
    expect(started).toMatchObject([{ protocol: madeUp.protocol, models: [bundledModel] }]);
  });

  it('is an argument of Evaluate, and others are none', () => {
    const schema = argumentSchemas.evaluate;
    expect(schema.safeParse({ protocol: madeUp.protocol }).success).toBe(true);
    expect(schema.safeParse({ protocol: 'nonsense' }).success).toBe(false);
  });
});

describe('A made-up role', () => {
  it('is what a corpus may map, in its preview too', async () => {
    const { services, asked } = fakeServices();
    const panel = createCorpusPreview(services);
    const added = panel.ask('/n/notes.csv', 'notes');
    const webview = host.panels[0];
    webview?.send({ type: 'ready' });
    webview?.send({ type: 'change', given: { mapping: { ward: 'Bay' }, reading: {} } });
    await settled();
    expect(asked.at(-1)?.params).toMatchObject({ corpus: { mapping: { ward: 'Bay' } } });
    panel.dispose();
    await expect(added).rejects.toThrow();
    const { addCorpus } = argumentSchemas;
    expect(addCorpus.safeParse({ source: '/n', mapping: { ward: 'Bay' } }).success).toBe(true);
    expect(addCorpus.safeParse({ source: '/n', mapping: { wing: 'Bay' } }).success).toBe(false);
  });
});

describe('A made-up family', () => {
  it('is called by its label in the list of models', () => {
    const model = { layers: 2, hiddenSize: 8, parameters: 9, bytes: 1e5, hasMlmHead: true };
    expect(modelText({ ...model, architecture: madeUp.family })).toMatch(
      new RegExp(`^${family.label} 2 x 8, `),
    );
  });
});

describe('A made-up device', () => {
  it('is offered by the setting, and no other is', () => {
    expect(offeredDevices).toEqual(['auto', 'cpu', 'webgpu', madeUp.device]);
    host.settings.set('notespace.device', madeUp.device);
    expect(readSettings().device).toBe(madeUp.device);
    expect(unofferedDevice()).toBeNull();
    host.settings.set('notespace.device', 'cuda');
    expect(readSettings().device).toBe('auto');
    expect(unofferedDevice()).toMatch(/"cuda", which is not supported: auto is used instead/);
  });
});
