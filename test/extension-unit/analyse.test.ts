/** What *Analyse Embedding Space…* asks, and the job that its answers make. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from '../../src/core/base/files.js';
import { createRun, readRawState } from '../../src/engine/runFolder.js';
import { analyse, resumeAnalysis, showAnalysis } from '../../src/extension/commands/analyse.js';
import { argumentSchemas } from '../../src/extension/commands/arguments.js';
import type { AnalyzeJob } from '../../src/protocol/analysis.js';
import type { JobSpec } from '../../src/protocol/run.js';
import { host } from '../host/fakeVscode.js';
import { corpusNamed, fakeServices } from './fixtures/services.js';

const bundledModel = fileURLToPath(new URL('../fixtures/starter', import.meta.url));
let runs: string;
const started: JobSpec[] = [];
const restarted: string[] = [];
const shown: string[] = [];

beforeEach(async () => {
  host.reset();
  for (const list of [started, restarted, shown]) list.length = 0;
  runs = await mkdtemp(join(tmpdir(), 'notespace-analyse-'));
});
afterEach(() => rm(runs, { recursive: true }));

function workbench(): never {
  const { services } = fakeServices('ward');
  const corpus = { ...corpusNamed('ward'), runs };
  return {
    ...services,
    places: { bundledModel },
    corpora: {
      ...services.corpora,
      all: () => [corpus],
      active: () => corpus,
      claim: (given: object) => Promise.resolve(given),
      runFolders: () => Promise.resolve([runs]),
      modelFolders: () => Promise.resolve([]),
      nameOf: () => 'ward',
    },
    jobs: {
      ...services.jobs,
      start(_runs: string, spec: JobSpec) {
        started.push(spec);
        return Promise.resolve(join(runs, 'analyze-new'));
      },
      restart: (folder: string) => Promise.resolve(void restarted.push(folder)),
      ended: () => Promise.resolve(),
    },
    analysis: { show: (folder: string) => shown.push(folder) },
  } as never;
}

const usual: AnalyzeJob = {
  kind: 'analyze',
  corpus: { source: '/notes/ward', mapping: {} },
  ...{ models: [bundledModel], device: 'auto', seed: 0, neighbours: 15, edges: 'either' },
  ...{ threshold: null, clusters: null, withText: false, store: '/home-of-notes/index/ward' },
};

it('Two questions make a job that shares the index and keeps text out of its report', async () => {
  host.pick = (items) => items[0];
  await analyse(workbench(), null);
  expect(started).toEqual([usual]);
  expect(shown).toEqual([join(runs, 'analyze-new')]);
});

it('Other settings are asked for one by one, and what is wrong is said', async () => {
  host.pick = (items) =>
    items.find(({ label }) => label === 'Other settings…' || label.startsWith('If each')) ??
    items[0];
  const typed: Readonly<Record<string, string>> = { 'How many nearest': '8', Least: '0.4' };
  host.type = (_value, prompt) =>
    Object.entries(typed).find(([start]) => prompt.startsWith(start))?.[1] ?? '6';
  await analyse(workbench(), null);
  expect(started).toEqual([
    { ...usual, neighbours: 8, edges: 'mutual', threshold: 0.4, clusters: 6 },
  ]);
});

it('Arguments ask nothing, and those that are wrong are refused', async () => {
  await analyse(workbench(), { neighbours: 5, clusters: 4 });
  expect(started).toEqual([{ ...usual, neighbours: 5, clusters: 4 }]);
  const { analyse: schema } = argumentSchemas;
  expect(schema.safeParse({ threshold: 2 }).success).toBe(false);
  expect(schema.safeParse({ clusters: 1 }).success).toBe(false);
  expect(schema.safeParse({ edges: 'some' }).success).toBe(false);
});

it('One that was stopped goes on in its folder, and an old one opens', async () => {
  await expect(showAnalysis(workbench(), null)).rejects.toThrow(
    'There is no analysis to show yet: start one with "Notespace: Analyse Embedding Space…".',
  );
  const folder = await createRun(runs, 'analyze-1', usual, 1000);
  const state = await readRawState(folder);
  await replaceFile(join(folder, 'state.json'), JSON.stringify({ ...state, status: 'cancelled' }));
  await showAnalysis(workbench(), { run: 'analyze-1' });
  host.pick = (items) => items[0];
  await resumeAnalysis(workbench(), null);
  expect(restarted).toEqual([folder]);
  expect(shown).toEqual([folder, folder]);
});
