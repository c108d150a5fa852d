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
          terms: ['one-one', 'one-two', 'one-three', 'one-four', 'one-five', 'one-six'],
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
    page.send({ type: 'open', key: 'key-one', isBeside: false });
    const passage = { start: 0, end: 1 };
    expect(host.executed.at(-1)).toEqual({
      command: commandIds.openNote,
      args: [{ corpus: 'ward', key: 'key-one', passage, beside: false }],
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

/** What is asked about the note that is open, and what came of it. */
async function openAndFind(name: string): Promise<void> {
  host.open(`/notes/ward/${name}.txt`);
  await wait();
  await fake.asked.at(-1)?.answer(found(`like-${name}`));
}

function controls(): Readonly<Record<string, unknown>> {
  return page.posted.findLast(({ type }) => type === 'controls') as never;
}

describe('A list', () => {
  it('stays while its results are opened, until another note is', async () => {
    await openAndFind('one');
    page.send({ type: 'open', key: 'key-like-one', isBeside: true });
    host.open('/notes/ward/like-one.txt');
    await wait();
    host.open('/notes/ward/one.txt');
    await wait();
    expect(fake.asked).toHaveLength(1);
    expect(last()).toMatchObject({ type: 'results', title: 'one.txt' });
    await openAndFind('two');
    expect(fake.asked).toHaveLength(2);
    expect(last()).toMatchObject({ type: 'results', title: 'two.txt' });
  });

  it('is gone back to, with how it was asked, and forward', async () => {
    await openAndFind('one');
    page.send({ type: 'choose', mode: 'keyword' });
    expect(fake.asked.at(-1)?.params).toMatchObject({ mode: 'keyword', query: { id: 'one.txt' } });
    await fake.asked.at(-1)?.answer(found('again'));
    page.send({ type: 'choose', mode: 'semantic' });
    await fake.asked.at(-1)?.answer(found('meaning'));
    // The same note, asked about in another way, is no further list.
    expect(controls()).toMatchObject({ canGoBack: false, mode: 'semantic' });
    await openAndFind('two');
    page.send({ type: 'choose', mode: 'hybrid' });
    await fake.asked.at(-1)?.answer(found('both'));
    expect(controls()).toMatchObject({ canGoBack: true, canGoForward: false, mode: 'hybrid' });
    page.send({ type: 'move', by: -1 });
    expect(last()).toMatchObject({ title: 'one.txt', items: [{ key: 'key-meaning' }] });
    expect(controls()).toMatchObject({ canGoBack: false, canGoForward: true, mode: 'semantic' });
    const { length } = fake.asked;
    page.send({ type: 'move', by: 1 });
    expect(last()).toMatchObject({ title: 'two.txt', items: [{ key: 'key-both' }] });
    expect(fake.asked).toHaveLength(length);
  });

  it('that could not be made leaves the one before to go back to', async () => {
    await openAndFind('one');
    host.open('/notes/ward/two.txt');
    await wait();
    await fake.asked.at(-1)?.fail(failure('The engine is away.'));
    await fake.asked.at(-1)?.answer({ exists: true });
    expect(last()).toMatchObject({ type: 'error' });
    expect(controls()).toMatchObject({ canGoBack: true });
    page.send({ type: 'move', by: -1 });
    expect(last()).toMatchObject({ type: 'results', title: 'one.txt' });
  });

  it('stays whatever is opened while it is pinned', async () => {
    await openAndFind('one');
    page.send({ type: 'pin', isPinned: true });
    host.open('/notes/ward/two.txt');
    await wait();
    expect(fake.asked).toHaveLength(1);
    expect(controls()).toMatchObject({ isPinned: true });
    view.followNote();
    await wait();
    expect(fake.asked.at(-1)?.params).toMatchObject({ query: { id: 'two.txt' } });
    expect(controls()).toMatchObject({ isPinned: false });
  });

  it('is made of the notes similar to a result when that is asked', async () => {
    await openAndFind('one');
    page.send({ type: 'similarTo', key: 'key-like-one' });
    expect(fake.asked.at(-1)?.params).toMatchObject({ query: { id: 'like-one.txt' } });
    await fake.asked.at(-1)?.answer(found('further'));
    expect(last()).toMatchObject({ type: 'results', title: 'like-one.txt' });
    expect(controls()).toMatchObject({ canGoBack: true });
  });

  it('is forgotten with its corpus', async () => {
    await openAndFind('one');
    fake.corpora.splice(0, 1);
    fake.corporaChanged.fire();
    host.open(null);
    await wait();
    expect(last()).toMatchObject({ type: 'empty' });
    expect(controls()).toMatchObject({ canGoBack: false });
    page.send({ type: 'open', key: 'key-like-one', isBeside: false });
    expect(host.executed).toEqual([]);
  });
});

describe('What is typed', () => {
  it('is looked for as it is, and is one list while it is typed on', async () => {
    page.send({ type: 'search', text: ' chest ' });
    expect(fake.asked.at(-1)).toMatchObject({
      params: { store: '/home-of-notes/index/ward', query: { text: 'chest', as: 'query' } },
    });
    await fake.asked.at(-1)?.answer(found('a'));
    page.send({ type: 'search', text: 'chest pain' });
    await fake.asked.at(-1)?.answer(found('b'));
    expect(controls()).toMatchObject({ text: 'chest pain', canGoBack: false, excludeGroup: null });
    page.send({ type: 'open', key: 'key-b', isBeside: false });
    page.send({ type: 'search', text: 'cough' });
    await fake.asked.at(-1)?.answer(found('c'));
    expect(controls()).toMatchObject({ text: 'cough', canGoBack: true });
    page.send({ type: 'search', text: '' });
    await wait();
    expect(last()).toMatchObject({ type: 'empty' });
    expect(controls()).toMatchObject({ text: '' });
  });

  it('is looked for in the corpus that was named, and the box gets the focus', () => {
    view.startTyping(fake.corpora[1] as never);
    expect(last()).toEqual({ type: 'focusText' });
    page.send({ type: 'search', text: 'chest' });
    expect(fake.asked.at(-1)?.params).toMatchObject({ store: '/home-of-notes/index/clinic' });
  });

  it('finds the box once the page is ready', () => {
    view.dispose();
    view = createSimilarNotes(fake.services);
    view.startTyping(fake.corpora[0] as never);
    page = host.look(viewIds.similarNotes);
    expect(last()).toEqual({ type: 'focusText' });
    page.send({ type: 'ready' });
    expect(last()).not.toEqual({ type: 'focusText' });
  });

  it('is hidden with note text, and so are the values of filters', async () => {
    page.send({ type: 'search', text: 'Jane Doe' });
    await fake.asked.at(-1)?.answer(found('a'));
    await filterBy('ward', ['A "1"']);
    await fake.asked.at(-1)?.answer(found('a'));
    host.configure(settingKeys.hideNoteText, true);
    expect(controls()).toMatchObject({ text: '', conditions: ['ward'] });
    const hidden = page.posted.slice(-2);
    expect(JSON.stringify(hidden)).not.toMatch(/Jane|"A /);
  });
});

async function filterBy(field: string, values: readonly string[]): Promise<void> {
  host.pick = (items) => items.find(({ label }) => label === field);
  host.tick = (items) => items.filter(({ label }) => values.includes(label));
  page.send({ type: 'addCondition' });
  expect(fake.asked.at(-1)?.method).toBe('store/fields');
  const wards = [
    { value: 'A "1"', count: 3 },
    { value: 'B', count: 1 },
  ];
  await fake.asked.at(-1)?.answer({
    fields: [
      { name: 'ward', type: 'text', values: wards, range: null },
      { name: 'date', type: 'date', values: [], range: { first: '2020-01-01', last: '2022' } },
    ],
  });
  await settled();
  await settled();
}

describe('A filter', () => {
  it('is chosen from what the notes have, and taken away', async () => {
    await openAndFind('one');
    await filterBy('ward', ['A "1"', 'B']);
    const where = String.raw`"ward" in ("A \"1\"", "B")`;
    expect(fake.asked.at(-1)?.params).toMatchObject({ where });
    await fake.asked.at(-1)?.answer(found('a'));
    expect(controls()).toMatchObject({ conditions: ['ward: A "1", B'] });
    const limits = ['2021', ''];
    host.type = () => limits.shift() ?? '';
    await filterBy('date', []);
    expect(fake.asked.at(-1)?.params).toMatchObject({ where: `${where} and "date" >= "2021"` });
    page.send({ type: 'removeCondition', place: 0 });
    expect(fake.asked.at(-1)?.params).toMatchObject({ where: '"date" >= "2021"' });
    page.send({ type: 'removeCondition', place: 0 });
    expect(fake.asked.at(-1)?.params).not.toHaveProperty('where');
  });

  it('is of one corpus only', async () => {
    await openAndFind('one');
    await filterBy('ward', ['B']);
    host.open('/notes/clinic/two.txt');
    await wait();
    expect(fake.asked.at(-1)?.params).not.toHaveProperty('where');
    expect(controls()).toMatchObject({ conditions: [] });
  });

  it('says so where notes have nothing to filter by', async () => {
    await openAndFind('one');
    page.send({ type: 'addCondition' });
    await fake.asked.at(-1)?.answer({ fields: [] });
    expect(fake.errors).toMatchObject([{ kind: 'usage' }]);
  });
});

it('leaves other notes of the patient out unless asked, and negated ones in', async () => {
  await openAndFind('one');
  expect(fake.asked[0]?.params).toMatchObject({ excludeGroup: true, leaveOutNegated: false });
  page.send({ type: 'choose', excludeGroup: false, leaveOutNegated: true });
  expect(fake.asked[1]?.params).toMatchObject({ excludeGroup: false, leaveOutNegated: true });
});
