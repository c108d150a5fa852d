/** Files of a run folder, which others write too: read as they were ever written, refused by a sentence. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMetricsFrom, unfitSentence } from '../../src/engine/metricsLines.js';
import { readControl, readJob, readRawState } from '../../src/engine/runFolder.js';
import { readAllRuns } from '../../src/engine/runs.js';

let runs: string;
let run: string;
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'notespace-run-files-'));
  run = join(runs, 'pretrain-1');
  await mkdir(run);
});
afterEach(() => rm(runs, { recursive: true }));

const put = (name: string, value: unknown): Promise<void> =>
  writeFile(join(run, name), typeof value === 'string' ? value : JSON.stringify(value));

const corpus = { source: '/notes', mapping: { text: 'body', group: null } };
const pretrain = {
  kind: 'pretrain',
  corpus,
  objective: 'declutr',
  base: 'bundled',
  device: 'auto',
  maxSteps: null,
  seed: 0,
  resume: false,
  config: { lossWeights: { mlm: 1 }, evalSteps: 5 },
};
const files = [{ path: 'config.json', bytes: 5, sha256: null }];
const model = { name: 'owner/name', revision: 'abc', files };
const jobs = [
  pretrain,
  { kind: 'index', corpus, model: '/m', store: '/s', device: 'cuda' },
  { kind: 'evaluate', protocol: 'mlm', corpus, models: ['/m'], seed: 3 },
  {
    ...{ kind: 'analyze', corpus, models: ['/m'], device: 'auto', seed: 1, neighbours: 15 },
    ...{ edges: 'mutual', threshold: 0.5, clusters: null, withText: false, store: null },
  },
  {
    ...{ kind: 'study', corpus, forgettingCorpus: corpus, bases: ['/m'], models: [], seed: 1 },
    ...{ recipes: ['mlm'], targets: ['category'], preset: 'quick', budgetSeconds: 60, steps: null },
    device: 'auto',
  },
  { kind: 'project', store: '/s', seed: 1 },
  { kind: 'import', source: { folder: '/m' }, target: '/t' },
  { kind: 'import', source: { hubUrl: 'https://hub', model }, target: '/t' },
];

const state = {
  format: 1,
  kind: 'pretrain',
  name: 'pretrain-1',
  status: 'running',
  pid: 12,
  host: 'here',
  startedAt: 1,
  updatedAt: 2,
  progress: { phase: 'Training', done: 1, total: null, unit: 'steps' },
  notes: ['A remark.'],
  result: null,
  error: null,
};
const plan = {
  device: 'cpu',
  threads: 2,
  steps: 10,
  tokensPerStep: 4000.5,
  trainedParameters: 1,
  parameters: 2,
  memoryBytes: 3,
  freeMemoryBytes: null,
  diskBytes: 4,
  freeDiskBytes: 5,
  expectedSeconds: null,
  categories: [{ name: 'day', documents: 4 }],
  advice: [],
};
const trained = {
  kind: 'pretrain',
  run: '/run',
  model: '/run/model',
  steps: 1,
  tokens: 2,
  documents: 3,
  documentsTrain: 2,
  documentsHeldOut: 1,
  documentsHeldOutSeen: null,
  documentsSkipped: 0,
  tokensPerSecond: 5.5,
  gemmShare: null,
  loss: { first: 2, last: 1 },
  heldOutLoss: { before: 2, after: 1 },
};
const row = { model: '/m', protocol: 'mlm', loss: 40, perplexity: null, accuracy: 0.1 };
const evaluated = { kind: 'evaluate', documents: 1, maskedTokens: 5, results: [row], verdict: [] };
const indexed = { kind: 'index', documents: 1, passages: 2, embedded: 2, reused: 0, removed: 0 };
const states = [
  state,
  { ...state, plan },
  { ...state, plan: null, status: 'done', result: trained },
  { ...state, kind: 'evaluate', status: 'done', result: evaluated },
  {
    ...state,
    kind: 'evaluate',
    result: { ...evaluated, leakage: [{ model: '/m', documents: null }] },
  },
  { ...state, kind: 'index', status: 'done', result: { ...indexed, seconds: 1.5 } },
  {
    ...{ ...state, kind: 'study', status: 'done' },
    cost: { seconds: 2.5, cpuSeconds: 3, peakMemoryBytes: 1e9 },
    result: {
      ...{ kind: 'study', report: '/s/report.html', missing: ['A part is left out.'] },
      models: [{ model: '/m', name: 'm', base: null, recipe: 'mlm', ratio: 0.5 }],
      findings: [{ claim: 'A claim.', holds: null, evidence: [] }],
    },
  },
  { ...state, kind: 'project', status: 'done', result: { kind: 'project', points: 1, seconds: 2 } },
  { ...state, kind: 'import', status: 'done', result: { kind: 'import', model: '/m', bytes: 7 } },
  { ...state, status: 'failed', error: { message: 'No.', kind: 'usage' } },
];

describe('What this version writes', () => {
  it.each(jobs)('is read as a job: $kind', async (job) => {
    await put('job.json', job);
    expect(await readJob(run)).toEqual(job);
  });

  it.each(states)('is read as a state: $kind, $status', async (written) => {
    await put('state.json', written);
    expect(await readRawState(run)).toEqual(written);
  });

  it('keeps what it does not know', async () => {
    await put('job.json', { ...pretrain, comment: 'mine' });
    expect(await readJob(run)).toMatchObject({ comment: 'mine' });
  });
});

const newer = 'The run pretrain-1 was made by a newer version: update Notespace.';

describe('What a newer version writes', () => {
  it.each([
    ['an objective', { ...pretrain, objective: 'tomorrow' }],
    ['a device', { ...pretrain, device: 'tomorrow' }],
    ['a role', { ...pretrain, corpus: { ...corpus, mapping: { ward: 'bay' } } }],
    ['a protocol', { kind: 'evaluate', protocol: 'tomorrow', corpus, models: [], seed: 0 }],
    ['a kind of job', { kind: 'tomorrow' }],
  ])('is named in a job: %s', async (_what, job) => {
    await put('job.json', job);
    await expect(readJob(run)).rejects.toMatchObject({ message: newer, kind: 'usage' });
  });

  it.each([
    ['a format', { ...state, format: 2 }],
    ['a status', { ...state, status: 'tomorrow' }],
    ['a result', { ...state, result: { kind: 'tomorrow' } }],
  ])('is named in a state: %s', async (_what, written) => {
    await put('state.json', written);
    await expect(readRawState(run)).rejects.toMatchObject({ message: newer });
  });
});

describe('What is damaged', () => {
  const secret = 'Patient Zyx seen today';

  it.each([
    ['no object', '[]', ''],
    ['no JSON', `{"base": "${secret}`, ''],
    ['without its corpus', { ...pretrain, corpus: undefined }, ' (corpus)'],
    ['with text for a number', { ...pretrain, seed: secret }, ' (seed)'],
    ['without a kind', { corpus }, ' (kind)'],
  ])('is named by its place and never quoted: %s', async (_what, job, place) => {
    await put('job.json', job);
    const message = `${join(run, 'job.json')} is damaged${place}: delete the run.`;
    await expect(readJob(run)).rejects.toMatchObject({ message, kind: 'failed' });
  });

  it('steers nothing', async () => {
    await put('control.json', { format: 1, command: 'cancel', at: 'now' });
    await expect(readControl(run)).rejects.toThrow('control.json is damaged (at)');
    await put('control.json', { format: 1, command: 'explode', at: 1 });
    await expect(readControl(run)).rejects.toThrow(newer);
  });

  it('is counted among metrics, but for a line that is being written', async () => {
    const line = {
      format: 1,
      step: 1,
      time: 0,
      loss: null,
      losses: { mlm: 2 },
      learningRate: null,
      gradNorm: null,
      tokensPerSecond: null,
      heldOutLoss: 3,
      heldOutLosses: { mlm: 3 },
      memoryBytes: null,
    };
    const lines = [line, { ...line, format: 2 }, { ...line, losses: { mlm: null } }, null, line];
    const text = lines.map((written) => `${JSON.stringify(written)}\n`).join('');
    await put('metrics.jsonl', `${text}nonsense\n{"format":1,"st`);
    const found = await readMetricsFrom(run, 0);
    expect(found).toMatchObject({ lines: [line, line], unfit: 4, reset: false });
    expect(unfitSentence(found.unfit)).toBe(
      '4 lines of metrics.jsonl cannot be read and are left out.',
    );
  });

  it('is left out of a list of runs, which says why', async () => {
    await put('job.json', { ...pretrain, objective: 'tomorrow' });
    await put('state.json', state);
    const { found, errors } = await readAllRuns(runs);
    expect(found).toEqual([]);
    expect(errors).toMatchObject([{ message: newer }]);
  });
});
