import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replaceFile } from '../../src/core/base/files.js';
import { createRun, readRawState } from '../../src/engine/runFolder.js';
import { commandIds, panelType, settingKeys } from '../../src/extension/contributions.js';
import { createEvaluation } from '../../src/extension/panels/evaluation.js';
import type { RunPanel } from '../../src/extension/panels/runPanel.js';
import type { EvaluateJob } from '../../src/protocol/evaluation.js';
import { FakeWebview, host } from '../host/fakeVscode.js';
import { fakeServices } from './fixtures/services.js';

let root: string;
let webview: FakeWebview;
const errors: unknown[] = [];

beforeEach(async () => {
  host.reset();
  errors.length = cancelled.length = 0;
  corpus = { token: 'ward-token', isFolder: false };
  root = await mkdtemp(join(tmpdir(), 'notespace-evaluation-'));
});
afterEach(() => rm(root, { recursive: true }));

const cancelled: string[] = [];
let corpus: object | null;

function create(runFolders: () => Promise<readonly string[]>): RunPanel {
  const { services } = fakeServices();
  const jobs = { ...services.jobs, cancel: (folder: string) => void cancelled.push(folder) };
  return createEvaluation({
    ...services,
    jobs,
    notices: {
      error: (error: unknown) => Promise.resolve(void errors.push(error)),
      logError: () => undefined,
    },
    corpora: {
      whenLoaded: () => Promise.resolve(),
      runFolders,
      nameOf: () => 'ward',
      ofJob: () => corpus,
    },
  } as never);
}

async function restore(
  runFolders: () => Promise<readonly string[]>,
  remembered?: object,
): Promise<void> {
  const panel = create(runFolders);
  webview = new FakeWebview();
  const kept = { webview, onDidDispose: () => ({ dispose: () => 0 }), dispose: () => 0 };
  await host.serializers.get(panelType('evaluation'))?.deserializeWebviewPanel(kept, remembered);
  webview.send({ type: 'ready' });
  await posted((message) => message.type !== 'run');
  panel.dispose();
}

function posted(fits: (message: { type: string }) => boolean): Promise<unknown> {
  return vi.waitFor(() => {
    const found = webview.posted.findLast(fits);
    if (found === undefined) throw new Error('it was not posted');
    return found;
  });
}

async function evaluated(runs: string, startedAt: number, model: string): Promise<void> {
  const spec: EvaluateJob = {
    kind: 'evaluate',
    protocol: 'mlm',
    corpus: { source: '/n', mapping: {} },
    models: [model],
    seed: 0,
  };
  const folder = await createRun(join(root, runs), `evaluate-${startedAt}`, spec, startedAt);
  const results = [{ model, protocol: 'mlm', loss: 2, perplexity: 7, accuracy: 0.5 }];
  const result = { kind: 'evaluate', documents: 1, maskedTokens: 1, results, verdict: [] };
  const state = await readRawState(folder);
  const done = { ...state, status: 'done', updatedAt: startedAt, result };
  await replaceFile(join(folder, 'state.json'), JSON.stringify(done));
}

it('shows the newest evaluation of all workspace folders', async () => {
  await evaluated('a', 1000, '/models/old');
  await evaluated('b', 3000, '/models/new');
  await evaluated('c', 2000, '/models/middle');
  await restore(() => Promise.resolve(['a', 'b', 'c'].map((name) => join(root, name))));
  expect(webview.posted.at(-1)).toMatchObject({
    type: 'figures',
    protocol: 'mlm',
    rows: [{ model: 'new', shots: null, figures: { loss: 2, perplexity: 7, accuracy: 0.5 } }],
  });
});

it('shows the one that was shown before', async () => {
  await evaluated('a', 1000, '/models/old');
  await evaluated('a', 3000, '/models/new');
  await restore(() => Promise.resolve([join(root, 'a')]), { run: 'evaluate-1000' });
  expect(webview.posted.at(-1)).toMatchObject({ rows: [{ model: 'old' }] });
  expect(webview.posted).toContainEqual(
    expect.objectContaining({ type: 'run', name: 'evaluate-1000', status: 'done' }),
  );
});

it('says so when there is none any more', async () => {
  await restore(() => Promise.resolve([join(root, 'a')]));
  expect(webview.posted.at(-1)).toMatchObject({ type: 'empty' });
  expect(errors).toEqual([]);
});

it('says so when the runs cannot be read', async () => {
  await restore(() => Promise.reject(new Error('gone')));
  expect(webview.posted.at(-1)).toMatchObject({ type: 'empty' });
  expect(errors).toHaveLength(1);
});

describe('An evaluation of classification', () => {
  const model = '/models/base';
  const estimate = { mean: 0.5, low: 0.4, high: 0.6 };
  const spec: EvaluateJob = {
    ...{ kind: 'evaluate', protocol: 'frozen', models: [model], seed: 0 },
    corpus: { source: '/n', mapping: {} },
    classification: {
      ...{ target: 'category', labels: 'auto', shots: ['all'], seeds: 1 },
      ...{ withoutWords: [], fineTuning: {}, store: null },
    },
  };
  const setting = (name: string, isMain = true) => ({
    ...{ model: name, protocol: 'frozen', classifier: 'logistic-regression', isMain, shots: 'all' },
    figures: { macroF1: estimate },
    classes: [],
    reliability: [{ low: 0, high: 1, count: 0, meanConfidence: null, shareRight: null }],
    confusion: [1, 0, 0, 1],
    runs: [{ seed: 0, seconds: 2, trainableParameters: 9, memoryBytes: null }],
  });
  const report = {
    ...{ format: 1, madeAt: '2026-01-01', withoutWords: ['ward'], verdict: ['It helps.'] },
    target: { field: 'category', classes: ['a', 'b'] },
    parts: { train: 4, validation: 2, test: 2, cutFromTrain: [] },
    models: [{ model, name: 'base', sawTarget: null }],
    settings: [setting('tf-idf'), setting(model), { ...setting(model), texts: 'without-words' }],
    comparisons: [],
  };
  const outcomes = {
    ...{ format: 1, madeAt: '2026-01-01', labels: 'one' },
    ids: ['patient 17', 'patient 18'],
    actual: [0, 1],
    settings: [{ setting: 1, runs: [{ seed: 0, predicted: [0, 0], confidence: [0.9, 0.7] }] }],
  };
  let run: string;
  let panel: RunPanel;

  async function make(status: string, files: Readonly<Record<string, unknown>>): Promise<void> {
    run = await createRun(join(root, 'runs'), 'evaluate-1', spec, Date.now());
    const result = {
      ...{ kind: 'evaluate', documents: 2, maskedTokens: null, results: [], verdict: [] },
      summary: [],
    };
    const state = await readRawState(run);
    const updatedAt = Date.now() + 60_000; // alive, as long as the test takes
    const now = { ...state, status, updatedAt, result: status === 'done' ? result : null };
    await replaceFile(join(run, 'state.json'), JSON.stringify(now));
    for (const [name, value] of Object.entries(files)) {
      await writeFile(join(run, name), typeof value === 'string' ? value : JSON.stringify(value));
    }
  }

  function show(): void {
    panel = create(() => Promise.resolve([join(root, 'runs')]));
    panel.show(run);
    webview = host.panels.at(-1)!;
    webview.send({ type: 'ready' });
  }
  afterEach(() => panel.dispose());

  it('is shown from its files: models first, what each said of the notes, names of notes', async () => {
    await make('done', { 'report.json': report, 'outcomes.json': outcomes });
    show();
    expect(await posted(({ type }) => type === 'report')).toMatchObject({
      ...{ corpus: 'ward', target: 'category', verdict: ['It helps.'], hideText: false },
      settings: [
        {
          ...{ model: 'base', isBaseline: false, protocol: 'frozen', reliability: [] },
          ...{ classifier: 'logistic regression', seconds: 2, runs: 1 },
          outcomes: [{ predicted: Int32Array.of(0, 0), confidence: Float32Array.of(0.9, 0.7) }],
        },
        { model: 'base', withoutWords: true, outcomes: null },
        { model: 'TF-IDF', withoutWords: false, isBaseline: true, protocol: null, outcomes: null },
      ],
      words: ['ward'],
      notes: { names: ['patient 17', 'patient 18'], actual: Int32Array.of(0, 1) },
    });
  });

  it('opens its notes with the command of Similar Notes', async () => {
    await make('done', { 'report.json': report, 'outcomes.json': outcomes });
    show();
    await posted(({ type }) => type === 'report');
    webview.send({ type: 'open', note: 1 });
    await vi.waitFor(() =>
      expect(host.executed.at(-1)).toEqual({
        command: commandIds.openNote,
        args: [{ corpus: 'ward-token', id: 'patient 18' }],
      }),
    );
    corpus = null;
    webview.send({ type: 'open', note: 0 });
    await vi.waitFor(() => expect(String(errors)).toMatch(/corpus of this evaluation is not in/));
  });

  it('keeps names of notes from the page while note text is hidden', async () => {
    host.settings.set(settingKeys.hideNoteText, true);
    await make('done', { 'report.json': report, 'outcomes.json': outcomes });
    show();
    expect(await posted(({ type }) => type === 'report')).toMatchObject({
      hideText: true,
      notes: { names: ['', ''] },
    });
    expect(JSON.stringify(webview.posted)).not.toContain('patient');
    host.configure(settingKeys.hideNoteText, false);
    expect(JSON.stringify(webview.posted)).toContain('patient 17');
  });

  it('is shown without its notes when they are of an earlier report, and says what is damaged', async () => {
    await make('done', {
      'report.json': report,
      'outcomes.json': { ...outcomes, madeAt: '2025-01-01' },
    });
    show();
    expect(await posted(({ type }) => type === 'report')).toMatchObject({ notes: null });
    panel.dispose();
    await writeFile(join(run, 'report.json'), '{"format": 2}');
    show();
    expect(JSON.stringify(await posted(({ type }) => type === 'empty'))).toContain(
      'report.json is damaged, or comes from a newer version',
    );
  });

  it('is cancelled and resumed from the panel', async () => {
    await make('running', {});
    show();
    await posted(({ type }) => type === 'run');
    webview.send({ type: 'control', command: 'cancel' });
    await vi.waitFor(() => expect(cancelled).toEqual([run]));
    panel.dispose();
    const state = await readRawState(run);
    await replaceFile(join(run, 'state.json'), JSON.stringify({ ...state, status: 'cancelled' }));
    show();
    expect(await posted(({ type }) => type === 'run')).toMatchObject({
      status: 'cancelled',
      canResume: true,
    });
    webview.send({ type: 'control', command: 'resume' });
    await vi.waitFor(() =>
      expect(host.executed.at(-1)).toEqual({
        command: commandIds.resumeEvaluation,
        args: [{ run }],
      }),
    );
  });
});
