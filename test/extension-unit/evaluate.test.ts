/** What *Evaluate…* asks, and the job that its answers make. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from '../../src/core/base/files.js';
import { createRun, readRawState } from '../../src/engine/runFolder.js';
import { evaluate, resumeEvaluation } from '../../src/extension/commands/evaluate.js';
import type { EvaluateJob } from '../../src/protocol/evaluation.js';
import type { JobSpec } from '../../src/protocol/run.js';
import { host } from '../host/fakeVscode.js';
import { corpusNamed, fakeServices } from './fixtures/services.js';

const bundledModel = fileURLToPath(new URL('../fixtures/starter', import.meta.url));
let runs: string;
const started: JobSpec[] = [];
const restarted: string[] = [];
const shown: string[] = [];
const asked: { method: string; params: unknown }[] = [];

beforeEach(async () => {
  host.reset();
  for (const list of [started, restarted, shown, asked]) list.length = 0;
  runs = await mkdtemp(join(tmpdir(), 'notespace-evaluate-'));
});
afterEach(() => rm(runs, { recursive: true }));

function workbench(): never {
  const { services } = fakeServices('ward');
  const corpus = { ...corpusNamed('ward'), runs };
  const answers: Readonly<Record<string, object>> = {
    'corpus/inspect': {
      categories: { a: 5, b: 5 },
      mapping: { category: 'kind', label: null },
      fields: ['kind', 'severity'],
    },
    'corpus/target': {
      classes: ['a', 'b'],
      words: [
        { words: 'cardiac', notes: 9, notesOfCategory: 8 },
        { words: 'lung', notes: 4, notesOfCategory: 4 },
      ],
    },
  };
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
    lookup: {
      request(method: string, params: unknown) {
        asked.push({ method, params });
        return Promise.resolve(answers[method]);
      },
    },
    jobs: {
      ...services.jobs,
      start(_runs: string, spec: JobSpec) {
        started.push(spec);
        return Promise.resolve(join(runs, 'evaluate-new'));
      },
      restart: (folder: string) => Promise.resolve(void restarted.push(folder)),
      ended: () => Promise.resolve(),
    },
    evaluation: { show: (folder: string) => shown.push(folder) },
  } as never;
}

/** Takes the item of a list whose label starts like one of these, or else the first. */
function answer(...labels: string[]): void {
  host.pick = (items) =>
    items.find(({ label }) => labels.some((start) => label.startsWith(start))) ??
    items.find(({ value }) => value !== null);
}

it('Everything is asked in turn, with sensible defaults, and makes a job that shares the index', async () => {
  answer('Classification, model frozen', 'Category');
  await evaluate(workbench(), null);
  expect(started).toEqual([
    {
      ...{ kind: 'evaluate', protocol: 'frozen', models: [bundledModel], seed: 0 },
      corpus: { source: '/notes/ward', mapping: {} },
      device: 'auto',
      classification: {
        ...{ target: 'category', labels: 'auto', shots: [8, 16, 32, 64, 128, 'all'], seeds: null },
        ...{ withoutWords: ['cardiac', 'lung'], fineTuning: {} },
        store: '/home-of-notes/index/ward',
      },
    } satisfies EvaluateJob,
  ]);
  expect(shown).toEqual([join(runs, 'evaluate-new')]);
  // The list says how often each word names what it is about.
  expect(host.lists.flat()).toContainEqual({
    label: 'cardiac',
    description: 'in 9 training notes, 8 of what it names',
    value: 'cardiac',
  });
});

it('Both protocols, other numbers and an edited list of words go into the job', async () => {
  answer('Both', 'Category', '3 times');
  host.tick = (items, ticked) =>
    items.filter(({ label }) => label === 'lung' || label === 'Other words…').length > 1
      ? items.filter(({ label }) => label === 'lung' || label === 'Other words…')
      : ticked;
  host.type = (_value, prompt) =>
    prompt.startsWith('Labels per class') ? 'all, 16,8' : 'Heart failure,  ,Lung';
  await evaluate(workbench(), null);
  expect(started).toMatchObject([
    {
      protocol: 'frozen',
      also: 'fine-tuning',
      classification: { shots: [8, 16, 'all'], seeds: 3, withoutWords: ['lung', 'heart failure'] },
    },
  ]);
});

it('Another column may be predicted, which is then kept with the notes', async () => {
  await evaluate(workbench(), { protocol: 'frozen', target: 'severity' });
  const corpus = { source: '/notes/ward', mapping: {}, reading: { keep: ['severity'] } };
  expect(started).toMatchObject([{ corpus, classification: { target: 'severity' } }]);
});

it('A protocol without a target asks for no target', async () => {
  answer('Masked words');
  await evaluate(workbench(), null);
  expect(started).toEqual([
    {
      ...{ kind: 'evaluate', protocol: 'mlm', models: [bundledModel], seed: 0, device: 'auto' },
      corpus: { source: '/notes/ward', mapping: {} },
    },
  ]);
  expect(asked).toEqual([]);
});

it('A run says which models are ticked at first, and which notes are held out', async () => {
  const spec: JobSpec = {
    ...{ kind: 'pretrain', objective: 'mlm', base: 'bundled', device: 'auto', maxSteps: 1 },
    ...{ corpus: { source: '/n', mapping: {} }, seed: 7, resume: false, config: {} },
  };
  const run = await createRun(runs, 'pretrain-1', spec, 1000);
  await symlink(bundledModel, join(run, 'model'), 'junction');
  answer('Classification, model frozen', 'Category');
  await evaluate(workbench(), null);
  expect(started).toMatchObject([{ models: [bundledModel, join(run, 'model')], seed: 7 }]);
  expect(asked).toContainEqual({
    method: 'corpus/target',
    params: { corpus: { source: '/notes/ward', mapping: {} }, target: 'category', seed: 7 },
  });
  // Where a head is needed that the base did not have, it is measured with the one of the run.
  await symlink(bundledModel, join(run, 'base-with-head'), 'junction');
  await evaluate(workbench(), { run });
  expect(started.at(-1)).toMatchObject({
    protocol: 'mlm',
    models: [join(run, 'base-with-head'), join(run, 'model')],
  });
});

it('An evaluation that was stopped goes on in its folder; one without parts to keep does not', async () => {
  const classification: EvaluateJob['classification'] = {
    ...{ target: 'category', labels: 'auto', shots: ['all'], seeds: 1 },
    ...{ withoutWords: [], fineTuning: {}, store: null },
  };
  const spec: Pick<EvaluateJob, 'kind' | 'corpus' | 'models' | 'seed'> = {
    ...{ kind: 'evaluate', corpus: { source: '/n', mapping: {} }, models: ['/m'], seed: 0 },
  };
  const stop = async (name: string, job: EvaluateJob): Promise<string> => {
    const folder = await createRun(runs, name, job, 1000);
    const state = await readRawState(folder);
    await replaceFile(
      join(folder, 'state.json'),
      JSON.stringify({ ...state, status: 'cancelled' }),
    );
    return folder;
  };
  const words = await stop('evaluate-1', { ...spec, protocol: 'mlm' });
  const classes = await stop('evaluate-2', { ...spec, protocol: 'frozen', classification });
  await resumeEvaluation(workbench(), { run: classes });
  expect(restarted).toEqual([classes]);
  expect(shown).toEqual([classes]);
  await expect(resumeEvaluation(workbench(), { run: words })).rejects.toThrow(/no such evaluation/);
});
