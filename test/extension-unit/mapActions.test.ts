import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingKeys } from '../../src/extension/contributions.js';
import { createClusters } from '../../src/extension/panels/clusters.js';
import type { Clusters } from '../../src/extension/panels/clusters.js';
import type { ClusterMap } from '../../src/protocol/map.js';
import type { ClustersHostMessage } from '../../src/protocol/panels.js';
import { host } from '../host/fakeVscode.js';
import { corpusNamed, fakeServices, settled } from './fixtures/services.js';
import type { FakeServices } from './fixtures/services.js';

const map: ClusterMap = {
  ...{ count: 3, x: new Float32Array(3), y: new Float32Array(3) },
  ...{ ids: ['4010232137', 'two', 'three'], keys: ['k1', 'k2', 'k3'], files: [null, null, null] },
  ...{ category: new Int32Array(3), categories: ['A'], warnings: [], neighbours: null },
  columns: [
    {
      ...{ kind: 'values', name: 'ward', label: 'ward', sentence: '', others: 0 },
      ...{ values: ['B'], codes: new Int32Array(3), plainValues: null },
    },
    {
      ...{ kind: 'values', name: 'computed density', label: 'Dense clusters', sentence: '' },
      ...{ values: ['cough, fever'], codes: Int32Array.of(0, -1, 0), others: 0 },
      plainValues: ['Cluster 1'],
    },
  ],
};
const note = (key: string, id: string, text: string | null = null) => ({
  ...{ key, id, text, category: 'A', label: null, date: '2021-03-04' },
  fields: { ward: 'B', surname: 'Smith' },
});

let fake: FakeServices;
let panel: Clusters;
let folder: string;
const added: object[] = [];

beforeEach(async () => {
  host.reset();
  added.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'notespace-map-actions-'));
  fake = fakeServices('ward');
  const corpus = { ...corpusNamed('ward'), home: folder };
  Object.assign(fake.services.corpora, {
    claim: () => Promise.resolve(corpus),
    add: (_folder: object, entry: object) => {
      added.push(entry);
      return Promise.resolve(corpusNamed('part'));
    },
  });
  Object.assign(fake.services.notices, {
    brief: () => undefined,
    info: () => Promise.resolve(undefined),
  });
  panel = createClusters(fake.services);
  void panel.show(corpusNamed('ward'));
  send({ type: 'ready' });
  await answer({ exists: true, hasProjection: true, isProjectionCurrent: true });
  await answer(map);
});
afterEach(async () => {
  panel.dispose();
  await rm(folder, { recursive: true });
});

function send(message: object): void {
  host.panels.at(-1)?.send(message);
}

async function answer(result: object): Promise<void> {
  await settled();
  await fake.asked.at(-1)?.answer(result);
}

function last(type: ClustersHostMessage['type']) {
  const posted = (host.panels.at(-1)?.posted ?? []) as unknown as ClustersHostMessage[];
  return posted.findLast((message) => message.type === type);
}

describe('Notes that were chosen on the map', () => {
  async function exported(points: readonly number[]): Promise<string> {
    host.file = join(folder, 'chosen.csv');
    send({ type: 'take', action: 'export', points });
    await answer({ notes: [note('k3', 'three'), note('k1', '4010232137')] });
    await settled();
    if (fake.asked.at(-1)?.params['withText'] === true) {
      await answer({ notes: [note('k3', 'three', 'Coughs.'), note('k1', '4010232137', 'Well.')] });
    }
    await expect.poll(() => readFile(host.file ?? '', 'utf8').catch(() => '')).not.toBe('');
    return readFile(host.file, 'utf8');
  }

  it('are exported without what tells who somebody is, and without text', async () => {
    const text = await exported([2, 0]);
    expect(fake.asked.at(-1)?.params).toMatchObject({ keys: ['k3', 'k1'], withText: false });
    expect(text.split('\r\n')).toEqual([
      'category,label,date,Dense clusters,ward',
      'A,,2021-03-04,"cough, fever",B',
      'A,,2021-03-04,"cough, fever",B',
      '',
    ]);
  });

  it('are exported with what is ticked, and nothing of their words while text is hidden', async () => {
    host.tick = (items) => items;
    const all = await exported([2, 0]);
    for (const part of ['three', 'Smith', 'Coughs.']) expect(all).toContain(part);
    await rm(host.file ?? '');
    host.configure(settingKeys.hideNoteText, true);
    const hidden = await exported([2, 0]);
    for (const part of ['three', 'Smith', 'cough']) expect(hidden).not.toContain(part);
    expect(hidden).toContain('Cluster 1');
  });

  it('are kept as a corpus of their own', async () => {
    host.type = () => 'coughs';
    send({ type: 'take', action: 'keep', points: [2, 0] });
    await expect.poll(() => fake.asked.at(-1)?.method).toBe('notes/keep');
    const file = join(folder, 'chosen', 'coughs.json');
    expect(fake.asked.at(-1)?.params).toEqual({
      ...{ store: corpusNamed('ward').store, keys: ['k3', 'k1'], file },
    });
    await answer({ notes: 2 });
    await settled();
    expect(added).toEqual([
      {
        ...{ name: 'coughs', source: '/notes/ward', mapping: {}, model: 'bundled' },
        only: 'chosen/coughs.json',
      },
    ]);
  });
});

describe('A search on the map', () => {
  it('asks as Similar Notes does, and says how many notes it lit', async () => {
    send({ type: 'search', text: 'cough', mode: 'keyword' });
    await settled();
    expect(fake.asked.at(-1)).toMatchObject({
      method: 'similar',
      params: { query: { text: 'cough', as: 'query' }, mode: 'keyword', k: 5, foldCopies: false },
    });
    await answer({ results: [{ key: 'k3' }, { key: 'gone' }, { key: 'k1' }], remark: null });
    expect(last('found')).toEqual({
      ...{ type: 'found', text: 'cough', mode: 'keyword', points: [2, 0] },
      sentence: '2 notes of 3 lit.',
    });
  });

  it('that was taken back is not answered', async () => {
    send({ type: 'search', text: 'cough', mode: 'hybrid' });
    await settled();
    send({ type: 'search', text: '', mode: 'hybrid' });
    await answer({ results: [{ key: 'k3' }], remark: null });
    expect(last('found')).toBeUndefined();
  });
});

describe('The saved map', () => {
  it('is what the panel drew, without names unless they were chosen, and nothing unasked', async () => {
    host.file = join(folder, 'map.svg');
    const content = new TextEncoder().encode('<svg/>');
    send({ type: 'rendered', picture: 'svg', content });
    await settled();
    await expect(readFile(host.file)).rejects.toThrow();
    host.pick = (items) => items.find(({ label }) => /SVG|Without/.test(label));
    send({ type: 'save' });
    await expect
      .poll(() => last('render'))
      .toEqual({
        ...{ type: 'render', picture: 'svg', hasNames: false },
      });
    send({ type: 'rendered', picture: 'svg', content });
    await expect.poll(() => readFile(host.file ?? '', 'utf8').catch(() => '')).toBe('<svg/>');
  });
});
