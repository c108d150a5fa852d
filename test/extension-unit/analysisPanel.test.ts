import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { replaceFile } from '../../src/core/base/files.js';
import { createRun, readRawState } from '../../src/engine/runFolder.js';
import { commandIds, settingKeys } from '../../src/extension/contributions.js';
import { createAnalysis } from '../../src/extension/panels/analysis.js';
import type { RunPanel } from '../../src/extension/panels/runPanel.js';
import type { AnalyzeJob } from '../../src/protocol/analysis.js';
import { host } from '../host/fakeVscode.js';
import type { FakeWebview } from '../host/fakeVscode.js';
import { fakeServices } from './fixtures/services.js';

let root: string;
let run: string;
let panel: RunPanel;
let webview: FakeWebview;

const model = '/models/base';
const figure = { value: 0.5, low: 0.4, high: 0.6 };
const spec: AnalyzeJob = {
  ...{ kind: 'analyze', corpus: { source: '/n', mapping: {} }, models: [model], device: 'auto' },
  ...{ seed: 0, neighbours: 15, edges: 'either', threshold: null, clusters: null },
  ...{ withText: false, store: null },
};
const result = {
  ...{ kind: 'analyze', documents: 2, models: [], comparisons: [], findings: [] },
  ...{ settings: {}, leakage: [] },
};
const group = {
  ...{ size: 2, category: { name: 'a', share: 0.5 }, keywords: ['ankle'] },
  ...{ typical: ['b/patient 18'], odd: ['a/patient 17'] },
};
const report = {
  ...{ format: 1, documents: 2, findings: ['It is so.'], remarks: ['Read it so.'] },
  settings: { resamples: 1000, resampled: 'groups', seed: 0 },
  categories: [{ name: 'a', documents: 2, keywords: ['wrist'] }],
  models: [
    {
      model,
      figures: { within: figure, homophilyElsewhere: { value: null, low: null, high: null } },
      pairs: [{ first: 'a', second: 'a', cosine: figure, separation: null }],
      histogram: { within: [1, 3], between: [0, 0] },
      graph: { edges: 1, sentence: '1 edge.' },
      groups: { kMeans: [group], density: [], communities: [] },
      possibleMislabels: [{ id: 'a/patient 17', category: 'a', neighboursAre: 'b', share: 0.75 }],
    },
  ],
  comparisons: [],
  moved: [
    {
      ...{ a: model, b: '/runs/x/model', overlap: figure, separations: [] },
      notes: [{ id: 'c/patient 19', overlap: 0, from: null, to: 'a' }],
    },
  ],
  repeated: {
    share: 0.1,
    passages: [
      { documents: 3, groups: 2, words: 9, first: { id: 'b/patient 18' }, text: 'the same text' },
    ],
  },
};

beforeEach(async () => {
  host.reset();
  root = await mkdtemp(join(tmpdir(), 'notespace-analysis-'));
  run = await createRun(root, 'analyze-1', spec, Date.now());
  const done = { ...(await readRawState(run)), status: 'done', updatedAt: Date.now(), result };
  await replaceFile(join(run, 'state.json'), JSON.stringify(done));
  await writeFile(join(run, 'report.json'), JSON.stringify(report));
});
afterEach(async () => {
  panel.dispose();
  await rm(root, { recursive: true });
});

async function shown(type = 'report'): Promise<unknown> {
  const { services } = fakeServices();
  panel = createAnalysis({
    ...services,
    corpora: {
      whenLoaded: () => Promise.resolve(),
      runFolders: () => Promise.resolve([root]),
      nameOf: () => 'ward',
      ofJob: () => ({ token: 'ward-token', isFolder: true }),
    },
  } as never);
  panel.show(run);
  webview = host.panels.at(-1)!;
  webview.send({ type: 'ready' });
  return vi.waitFor(() => {
    const found = webview.posted.findLast((message) => message.type === type);
    if (found === undefined) throw new Error('it was not posted');
    return found;
  });
}

it('An analysis is shown from its report, its notes by their names, and they open', async () => {
  expect(await shown()).toMatchObject({
    ...{ corpus: 'ward', findings: ['It is so.'], remarks: ['Read it so.'], resampled: 'groups' },
    models: [
      {
        ...{ name: 'base', graph: '1 edge.', figures: { within: figure } },
        histogram: { within: [0.25, 0.75], between: [0, 0] },
        groups: { kMeans: [{ keywords: ['ankle'], typical: [0], odd: [1] }] },
        mislabels: [{ note: 1, neighboursAre: 'b' }],
      },
    ],
    changes: [{ a: 'base', b: 'x', moved: [{ note: 2, from: null, to: 'a' }] }],
    repeated: { passages: [{ first: 0, text: 'the same text' }] },
    notes: ['patient 18', 'patient 17', 'patient 19'],
    hideText: false,
  });
  webview.send({ type: 'open', note: 2 });
  await vi.waitFor(() =>
    expect(host.executed.at(-1)).toEqual({
      command: commandIds.openNote,
      args: [{ corpus: 'ward-token', id: 'c/patient 19' }],
    }),
  );
});

it('Neither names nor words of notes reach the page while note text is hidden', async () => {
  host.settings.set(settingKeys.hideNoteText, true);
  expect(await shown()).toMatchObject({ hideText: true, notes: ['', '', ''] });
  expect(JSON.stringify(webview.posted)).not.toMatch(/patient|ankle|wrist|the same text/);
  host.configure(settingKeys.hideNoteText, false);
  expect(JSON.stringify(webview.posted)).toMatch(/patient 17/);
});

it('A report that is damaged or gone is said to be so', async () => {
  await writeFile(join(run, 'report.json'), '{"format": 2}');
  expect(JSON.stringify(await shown('empty'))).toContain(
    'is damaged, or comes from a newer version',
  );
  panel.dispose();
  await rm(join(run, 'report.json'));
  expect(JSON.stringify(await shown('empty'))).toContain(
    'The report of this analysis is gone: analyse again.',
  );
});
