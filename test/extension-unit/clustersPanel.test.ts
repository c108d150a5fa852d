import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../src/core/base/errors.js';
import { commandIds, panelType, settingKeys } from '../../src/extension/contributions.js';
import { createClusters } from '../../src/extension/panels/clusters.js';
import type { Clusters } from '../../src/extension/panels/clusters.js';
import type { ClusterMap } from '../../src/protocol/map.js';
import type { ClustersHostMessage } from '../../src/protocol/panels.js';
import { FakeWebview, host, window } from '../host/fakeVscode.js';
import { corpusNamed, fakeServices, settled } from './fixtures/services.js';
import type { FakeServices } from './fixtures/services.js';

let fake: FakeServices;
let panel: Clusters;

beforeEach(() => {
  host.reset();
  fake = fakeServices('ward', 'clinic');
  panel = createClusters(fake.services);
});
afterEach(() => panel.dispose());

const ward = corpusNamed('ward');
const clinic = corpusNamed('clinic');
const drawable = { exists: true, hasProjection: true, isProjectionCurrent: true };

function mapOf(corpus: string, ...notes: string[]): ClusterMap {
  return {
    count: notes.length,
    x: new Float32Array(notes.length),
    y: new Float32Array(notes.length),
    ids: notes.map((note) => `${note}.txt`),
    keys: notes.map((note) => `key-${note}`),
    category: new Int32Array(notes.length),
    categories: [],
    columns: [],
    neighbours: { k: 1, notes: Int32Array.from(notes, (_, i) => (i + 1) % notes.length) },
    files: notes.map((note) => `/notes/${corpus}/${note}.txt`),
    warnings: [],
  };
}

function posted<T extends ClustersHostMessage['type']>(type: T) {
  const messages = (host.panels.at(-1)?.posted ?? []) as unknown as ClustersHostMessage[];
  return messages.findLast((message) => message.type === type) as
    (ClustersHostMessage & { type: T }) | undefined;
}

function ready(): void {
  host.panels.at(-1)?.send({ type: 'ready' });
}

async function draw(map: ClusterMap): Promise<void> {
  await fake.asked.at(-1)?.answer(drawable);
  await fake.asked.at(-1)?.answer(map);
}

async function show(): Promise<void> {
  void panel.show(ward);
  ready();
  await draw(mapOf('ward', 'one', 'two'));
}

describe('Hidden note text', () => {
  it('leaves the map at once, before anything is looked up', async () => {
    await show();
    expect(posted('points')).toMatchObject({ names: ['one.txt', 'two.txt'], hideText: false });
    const before = fake.asked.length;
    host.configure(settingKeys.hideNoteText, true);
    expect(posted('points')).toMatchObject({ names: ['', ''], hideText: true });
    expect(fake.asked).toHaveLength(before);
    host.panels.at(-1)?.posted.splice(0);
    ready();
    expect(posted('points')).toMatchObject({ names: ['', ''], hideText: true });
  });
});

describe('A map that comes late', () => {
  it('gives way to the one that was asked for after it', async () => {
    void panel.show(ward);
    ready();
    await fake.asked.at(-1)?.answer(drawable);
    const late = fake.asked.at(-1);
    void panel.show(clinic);
    await draw(mapOf('clinic', 'three'));
    await late?.answer(mapOf('ward', 'one'));
    expect(posted('points')).toMatchObject({ corpus: 'clinic', names: ['three.txt'] });
  });

  it('and fails does not take the other from the screen', async () => {
    void panel.show(ward);
    ready();
    const late = fake.asked.at(-1);
    void panel.show(clinic);
    await draw(mapOf('clinic', 'three'));
    await late?.fail(failure('The engine is away.'));
    expect(posted('error')).toBe(undefined);
  });
});

describe('The ring', () => {
  it('stays at the open note when another map of the notes has come', async () => {
    host.open('/notes/ward/two.txt');
    await show();
    expect(posted('highlight')).toMatchObject({ type: 'highlight', point: 1 });
    // The map itself is in front now.
    window.activeTextEditor = undefined;
    panel.refresh();
    await draw(mapOf('ward', 'new', 'one', 'two'));
    expect(posted('highlight')).toMatchObject({ type: 'highlight', point: 2 });
    panel.refresh();
    await draw(mapOf('ward', 'new'));
    expect(posted('highlight')).toMatchObject({ type: 'highlight', point: null });
  });

  it('is at the note that was opened while nothing was drawn', async () => {
    host.open('/notes/ward/one.txt');
    await show();
    panel.refresh();
    await fake.asked.at(-1)?.answer({ exists: false });
    host.open('/notes/ward/two.txt');
    window.activeTextEditor = undefined;
    panel.refresh();
    await draw(mapOf('ward', 'one', 'two'));
    expect(posted('highlight')).toMatchObject({ type: 'highlight', point: 1 });
  });
});

describe('What is clicked', () => {
  it('opens a note of the map that is drawn while another one is read', async () => {
    await show();
    void panel.show(clinic);
    host.panels.at(-1)?.send({ type: 'open', point: 1 });
    expect(host.executed.at(-1)).toEqual({
      command: commandIds.openNote,
      args: [{ corpus: 'ward', key: 'key-two' }],
    });
  });

  it('acts on the corpus that the sentence names', async () => {
    void panel.show(clinic);
    ready();
    await fake.asked.at(-1)?.answer({ exists: false });
    expect(posted('empty')).toMatchObject({ reason: 'The corpus clinic has no index yet.' });
    host.panels.at(-1)?.send({ type: 'action', command: commandIds.indexNotes });
    expect(host.executed.at(-1)).toEqual({
      command: commandIds.indexNotes,
      args: [{ corpus: 'clinic' }],
    });
  });
});

describe('A restored map', () => {
  async function restore(): Promise<void> {
    const webview = new FakeWebview();
    const kept = { webview, onDidDispose: () => ({ dispose: () => undefined }), dispose: () => 0 };
    await host.serializers.get(panelType('clusters'))?.deserializeWebviewPanel(kept, undefined);
    host.panels.push(webview);
    ready();
    await settled();
  }

  it('is drawn once the workspace is trusted', async () => {
    host.trust(false);
    await restore();
    expect(posted('error')?.message).toMatch(/Restricted Mode/);
    host.trust(true);
    await draw(mapOf('ward', 'one'));
    expect(posted('points')).toMatchObject({ corpus: 'ward' });
  });

  it('is drawn once there is a corpus', async () => {
    const [first] = fake.corpora.splice(0);
    await restore();
    expect(posted('empty')).toMatchObject({ reason: 'There is no corpus to draw.' });
    fake.corpora.push(first ?? ward);
    fake.corporaChanged.fire();
    await draw(mapOf('ward', 'one'));
    expect(posted('points')).toMatchObject({ corpus: 'ward' });
  });
});
