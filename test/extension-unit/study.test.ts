/** What *Run a Study…* asks, the plan that it shows, the job that its answers make, and the report that it opens. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from '../../src/core/base/files.js';
import { createRun, readRawState } from '../../src/engine/runFolder.js';
import { argumentSchemas } from '../../src/extension/commands/arguments.js';
import { resumeStudy, showStudy, study } from '../../src/extension/commands/study.js';
import { createStudyReports } from '../../src/extension/panels/studyReports.js';
import { studyPresetNames, studyRecipeNames } from '../../src/protocol/catalogue/study.js';
import type { StudyJob } from '../../src/protocol/study.js';
import type { JobSpec } from '../../src/protocol/run.js';
import { eventually } from '../engine/fixtures.js';
import { host } from '../host/fakeVscode.js';
import { corpusNamed, fakeServices } from './fixtures/services.js';

const bundledModel = fileURLToPath(new URL('../fixtures/starter', import.meta.url));
let runs: string;
const started: JobSpec[] = [];
const restarted: string[] = [];
const shown: string[] = [];
const planned: StudyJob[] = [];

beforeEach(async () => {
  host.reset();
  for (const list of [started, restarted, shown, planned]) list.length = 0;
  runs = await mkdtemp(join(tmpdir(), 'notespace-study-'));
});
afterEach(() => rm(runs, { recursive: true }));

const answers: Readonly<Record<string, object>> = {
  'corpus/inspect': {
    ...{ categories: { a: 5, b: 5 }, fields: ['text', 'kind', 'ward'] },
    mapping: { text: 'text', category: 'kind' },
  },
  'study/plan': {
    plans: studyPresetNames.map((preset) => ({
      ...{ preset, seconds: 60, sentences: [`Plan of ${preset}.`] },
    })),
  },
};

function workbench(): never {
  const { services } = fakeServices('ward');
  const corpus = { ...corpusNamed('ward'), runs };
  return {
    ...services,
    places: { bundledModel },
    lookup: {
      request(method: string, { job }: { job?: StudyJob }) {
        if (job !== undefined) planned.push(job);
        return Promise.resolve(answers[method]);
      },
    },
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
        return Promise.resolve(join(runs, 'study-new'));
      },
      restart: (folder: string) => Promise.resolve(void restarted.push(folder)),
      ended: () => Promise.resolve(),
    },
    studyReports: { show: (folder: string) => shown.push(folder) },
  } as never;
}

const usual: StudyJob = {
  kind: 'study',
  corpus: { source: '/notes/ward', mapping: {} },
  forgettingCorpus: null,
  ...{ bases: [bundledModel], models: [], recipes: studyRecipeNames, targets: ['category'] },
  ...{ preset: 'quick', budgetSeconds: null, steps: null, device: 'auto', seed: 0 },
};

it('Three questions make a study, and the last shows a plan for every answer', async () => {
  host.pick = (items) => items[0];
  await study(workbench(), null);
  expect(started).toEqual([usual]);
  expect(shown).toEqual([join(runs, 'study-new')]);
  expect(planned).toEqual([{ ...usual, preset: 'overnight' }]);
});

it('Another time is asked for, and a column that the notes have may be predicted', async () => {
  host.pick = (items) =>
    items.find(({ label }) => label === 'Another Time…') ??
    items.find(({ label }) => label === 'ward') ??
    items[0];
  host.type = () => '1h30m';
  await study(workbench(), { target: 'ward', budgetSeconds: 5400 });
  const asked = { ...usual, preset: 'overnight', budgetSeconds: 5400, targets: ['ward'] };
  const corpus = { ...usual.corpus, reading: { keep: ['ward'] } };
  expect(started).toEqual([{ ...asked, corpus }]);
  started.length = 0;
  await study(workbench(), null);
  expect(started).toEqual([{ ...usual, preset: 'overnight', budgetSeconds: 5400 }]);
});

it('Arguments that are wrong are refused', () => {
  const { study: schema } = argumentSchemas;
  expect(schema.safeParse({ preset: 'weekend' }).success).toBe(false);
  expect(schema.safeParse({ bases: [] }).success).toBe(false);
  expect(schema.safeParse({ steps: 0 }).success).toBe(false);
});

it('One that was stopped goes on in its folder, and an old one opens', async () => {
  await expect(showStudy(workbench(), null)).rejects.toThrow(
    'There is no study to show yet: start one with "Notespace: Run a Study…".',
  );
  const folder = await createRun(runs, 'study-1', usual, 1000);
  const state = await readRawState(folder);
  await replaceFile(join(folder, 'state.json'), JSON.stringify({ ...state, status: 'cancelled' }));
  await showStudy(workbench(), { run: 'study-1' });
  host.pick = (items) => items[0];
  await resumeStudy(workbench(), null);
  expect(restarted).toEqual([folder]);
  expect(shown).toEqual([folder, folder]);
});

it('The report is shown as it is, and what is said until there is one', async () => {
  const folder = await createRun(runs, 'study-1', usual, Date.now());
  const reports = createStudyReports(fakeServices().services);
  reports.show(folder);
  const [panel] = host.panels;
  await eventually('a page', () => Promise.resolve(panel!.html.includes('Starting…')));
  await writeFile(join(folder, 'report.html'), '<p>The report</p>');
  const state = await readRawState(folder);
  const notes = ['Plan: 3 parts.'];
  await replaceFile(join(folder, 'state.json'), JSON.stringify({ ...state, notes }));
  await eventually('the report', () => Promise.resolve(panel!.html === '<p>The report</p>'));
  reports.show(folder);
  expect(host.panels).toHaveLength(1);
  reports.dispose();
});
