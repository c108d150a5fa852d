import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure } from '../../src/core/base/errors.js';
import { commandIds, settingKeys, viewIds } from '../../src/extension/contributions.js';
import { createSimilarNotes } from '../../src/extension/panels/similarNotes.js';
import type { SimilarNotes } from '../../src/extension/panels/similarNotes.js';
import type { SimilarNotesHostMessage } from '../../src/protocol/panels.js';
import { host } from '../host/fakeVscode.js';
import type { FakeWebview } from '../host/fakeVscode.js';
import { fakeServices, settled } from './fixtures/services.js';
import type { FakeServices } from './fixtures/services.js';

let fake: FakeServices;
let view: SimilarNotes;
let page: FakeWebview;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  host.reset();
  fake = fakeServices('ward', 'clinic');
  view = createSimilarNotes(fake.services);
  page = host.look(viewIds.similarNotes);
});
afterEach(() => {
  view.dispose();
  vi.useRealTimers();
});

function last(): SimilarNotesHostMessage {
  return page.posted.at(-1) as SimilarNotesHostMessage;
}

async function wait(): Promise<void> {
  vi.advanceTimersByTime(1000);
  await settled();
}

const found = (name: string) => ({
  results: [
    {
      rank: 1,
      id: `${name}.txt`,
      key: `key-${name}`,
      similarity: 0.5,
      percentile: 99,
      nearness: 40,
      assertion: 'negated',
      copies: { count: 2, ids: [`${name}-2.txt`, `${name}-3.txt`] },
      why: {
        terms: ['one', 'two', 'three', 'four', 'five', 'six'].map((n) => ({
          term: `${name}-${n}`,
          weight: 0.1,
        })),
      },
      category: 'ward',
      snippet: `text of ${name}`,
      passage: { index: 0, start: 0, end: 1 },
      file: `/notes/ward/${name}.txt`,
    },
  ],
  remark: 'By meaning alone.',
});

async function search(name: string): Promise<void> {
  void view.showSimilarTo(fake.corpora[0] as never, 'cough');
  await fake.asked.at(-1)?.answer(found(name));
}

describe('Hidden note text', () => {
  it('leaves the screen at once, whatever is open', async () => {
    await search('secret');
    expect(JSON.stringify(last())).toContain('text of secret');
    host.configure(settingKeys.hideNoteText, true);
    expect(last()).toMatchObject({ type: 'results', title: '', hideText: true });
    expect(JSON.stringify(last())).not.toMatch(/secret(?!")|text of/);
    expect(last()).toMatchObject({
      items: [{ key: 'key-secret', title: '', snippet: '', terms: [] }],
    });
  });

  it('does not come back with a page that was out of sight', async () => {
    await search('secret');
    host.settings.set(settingKeys.hideNoteText, true);
    page.send({ type: 'ready' });
    expect(last()).toMatchObject({ hideText: true, items: [{ title: '', snippet: '' }] });
  });

  it('is shown again without another search', async () => {
    host.settings.set(settingKeys.hideNoteText, true);
    await search('one');
    expect(last()).toMatchObject({ hideText: true });
    host.configure(settingKeys.hideNoteText, false);
    expect(last()).toMatchObject({ hideText: false, items: [{ title: 'one.txt' }] });
  });
});

describe('Results for a typed text', () => {
  it('stay when one of them is opened, and when a refresh was under way', async () => {
    view.refresh();
    await search('one');
    host.open('/notes/ward/one.txt');
    view.refresh();
    await wait();
    expect(last()).toMatchObject({ type: 'results', isTyped: true });
    expect(fake.asked).toHaveLength(1);
  });

  it('go when they are put away', async () => {
    await search('one');
    page.send({ type: 'dismiss' });
    await wait();
    expect(last()).toMatchObject({ type: 'empty' });
  });

  it('go when the notes similar to the open one are asked for', async () => {
    await search('one');
    host.open('/notes/ward/two.txt');
    view.followNote();
    await wait();
    expect(fake.asked.at(-1)).toMatchObject({
      method: 'similar',
      params: { query: { id: 'two.txt' } },
    });
  });

  it('are no more when the search has failed', async () => {
    void view.showSimilarTo(fake.corpora[0] as never, 'cough');
    await fake.asked.at(-1)?.fail(failure('The engine is away.'));
    await fake.asked.at(-1)?.answer({ exists: true });
    expect(last()).toEqual({ type: 'error', message: 'The engine is away.' });
    host.open('/notes/ward/two.txt');
    await wait();
    expect(last()).toMatchObject({ type: 'loading', title: 'two.txt' });
  });
});

describe('A result', () => {
  it('says how near it is, what it stands for and why, and no ids of copies', async () => {
    await search('one');
    expect(fake.asked[0]?.params).toMatchObject({ explain: true });
    expect(last()).toMatchObject({
      remark: 'By meaning alone.',
      items: [
        {
          ...{ nearness: 40, percentile: 99, similarity: 0.5, assertion: 'negated', copies: 2 },
          terms: ['one-one', 'one-two', 'one-three', 'one-four', 'one-five'],
        },
      ],
    });
    expect(JSON.stringify(last())).not.toContain('one-2.txt');
  });
});

describe('What is clicked', () => {
  it('opens a note of the corpus that is listed, not of the one that is searched', async () => {
    await search('one');
    void view.showSimilarTo(fake.corpora[1] as never, 'cough');
    page.send({ type: 'open', key: 'key-one' });
    expect(host.executed.at(-1)).toEqual({
      command: commandIds.openNote,
      args: [{ corpus: 'ward', key: 'key-one' }],
    });
  });

  it('acts on the corpus that the sentence names', async () => {
    void view.showSimilarTo(fake.corpora[1] as never, 'cough');
    await fake.asked.at(-1)?.fail(failure('There is no index.'));
    await fake.asked.at(-1)?.answer({ exists: false });
    expect(last()).toMatchObject({ reason: 'The corpus clinic has no index yet.' });
    page.send({ type: 'action', command: commandIds.indexNotes });
    expect(host.executed.at(-1)).toEqual({
      command: commandIds.indexNotes,
      args: [{ corpus: 'clinic' }],
    });
  });
});
