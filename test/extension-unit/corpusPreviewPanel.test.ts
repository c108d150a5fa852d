import { beforeEach, expect, it } from 'vitest';
import { Cancelled, usageError } from '../../src/core/base/errors.js';
import { panelType, settingKeys } from '../../src/extension/contributions.js';
import { createCorpusPreview } from '../../src/extension/panels/corpusPreview.js';
import { corpusPreview } from '../webview/scenes.js';
import { FakeWebview, host } from '../host/fakeVscode.js';
import { fakeServices, settled } from './fixtures/services.js';

beforeEach(() => host.reset());

function open() {
  const fake = fakeServices();
  const panel = createCorpusPreview(fake.services);
  const added = panel.ask('/notes/ward.csv', 'ward');
  const webview = host.panels.at(-1);
  if (webview === undefined) throw new Error('no panel was opened');
  webview.send({ type: 'ready' });
  return { ...fake, panel, added, webview };
}

const { preview } = corpusPreview;

it('reads the beginning, ticks what looks like no identifier, and waits for the user', async () => {
  const { added, asked, webview } = open();
  expect(asked).toMatchObject([
    { method: 'corpus/preview', params: { corpus: { source: '/notes/ward.csv', mapping: {} } } },
  ]);
  await asked[0]?.answer(preview);
  expect(webview.posted.at(-1)).toMatchObject({
    ...{ type: 'preview', source: 'ward.csv', name: 'ward' },
    given: { mapping: {}, reading: { keep: ['ward', 'age'] } },
  });
  webview.send({ type: 'add', name: ' Ward 7 ' });
  expect(await added).toEqual({
    ...{ name: 'Ward 7', mapping: {} },
    reading: { keep: ['ward', 'age'] },
  });
});

it('reads again what was changed, and adds only what could be read', async () => {
  const { added, asked, webview } = open();
  await asked[0]?.answer(preview);
  const given = { mapping: { label: null }, reading: { delimiter: '|', keep: [] } };
  webview.send({ type: 'change', given });
  await settled();
  webview.send({ type: 'add', name: 'too early' });
  await asked[1]?.fail(usageError('No field looks like the text of a note.'));
  expect(webview.posted.at(-1)).toEqual({
    ...{ type: 'refused', given, reason: 'No field looks like the text of a note.' },
  });
  webview.send({ type: 'add', name: 'not readable' });
  webview.send({ type: 'change', given: { mapping: {}, reading: { keep: [] } } });
  await settled();
  await asked[2]?.answer(preview);
  webview.send({ type: 'add', name: '' });
  expect(await added).toEqual({ name: 'ward', mapping: {}, reading: { keep: [] } });
});

it('ignores an answer to what was asked before the last change', async () => {
  const { added, asked, panel, webview } = open();
  webview.send({ type: 'change', given: { mapping: {}, reading: { keep: ['ward'] } } });
  await settled();
  await asked[1]?.answer(preview);
  const shown = webview.posted.length;
  await asked[0]?.answer(preview);
  expect(webview.posted).toHaveLength(shown);
  panel.ask('/notes/other.csv', 'other').catch(() => undefined);
  await expect(added).rejects.toThrow(Cancelled);
});

it('adds nothing when it is cancelled, and tells a reloaded window so', async () => {
  const { added, asked, panel, webview } = open();
  await asked[0]?.answer(preview);
  webview.send({ type: 'cancel' });
  await expect(added).rejects.toThrow(Cancelled);
  const kept = new FakeWebview();
  await host.serializers
    .get(panelType('corpusPreview'))
    ?.deserializeWebviewPanel(
      { webview: kept, onDidDispose: () => ({ dispose: () => 0 }), dispose: () => 0 },
      undefined,
    );
  kept.send({ type: 'ready' });
  await settled();
  expect(kept.posted.at(-1)).toMatchObject({ type: 'empty' });
  panel.dispose();
});

it('shows no text of a note while text is hidden', async () => {
  host.settings.set(settingKeys.hideNoteText, true);
  const { asked, added, webview, panel } = open();
  await asked[0]?.answer(preview);
  expect(webview.posted.at(-1)).toMatchObject({ type: 'preview', hideText: true });
  expect(JSON.stringify(webview.posted)).not.toContain('Wound');
  panel.ask('/x', 'x').catch(() => undefined);
  await expect(added).rejects.toThrow(Cancelled);
});
