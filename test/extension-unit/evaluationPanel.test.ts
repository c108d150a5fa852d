import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from '../../src/core/base/files.js';
import { createRun, readRawState } from '../../src/engine/runFolder.js';
import { panelType } from '../../src/extension/contributions.js';
import { createEvaluation } from '../../src/extension/panels/evaluation.js';
import type { EvaluateJob } from '../../src/protocol/run.js';
import { FakeWebview, host } from '../host/fakeVscode.js';
import { fakeServices } from './fixtures/services.js';

let root: string;
let webview: FakeWebview;
const errors: unknown[] = [];

beforeEach(async () => {
  host.reset();
  errors.length = 0;
  root = await mkdtemp(join(tmpdir(), 'notespace-evaluation-'));
});
afterEach(() => rm(root, { recursive: true }));

async function restore(runFolders: () => Promise<readonly string[]>): Promise<void> {
  const { services } = fakeServices();
  const panel = createEvaluation({
    ...services,
    notices: { error: (error: unknown) => Promise.resolve(void errors.push(error)) },
    corpora: { whenLoaded: () => Promise.resolve(), runFolders, nameOf: () => 'ward' },
  } as never);
  webview = new FakeWebview();
  const kept = { webview, onDidDispose: () => ({ dispose: () => 0 }), dispose: () => 0 };
  await host.serializers.get(panelType('evaluation'))?.deserializeWebviewPanel(kept, undefined);
  webview.send({ type: 'ready' });
  await expect.poll(() => webview.posted.length).toBeGreaterThan(0);
  panel.dispose();
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
