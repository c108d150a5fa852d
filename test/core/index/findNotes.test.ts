import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNotes } from '../../../src/core/index/findNotes.js';
import type { FindOptions, FindQuery, Found } from '../../../src/core/index/findNotes.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import { readSnapshot } from '../../../src/core/index/snapshot.js';
import { openStore } from '../../../src/core/index/store.js';
import type { Store } from '../../../src/core/index/store.js';
import { fakeCorpus, fakeEmbedder, fakeText } from './fakes.js';
import type { FakeNote } from './fakes.js';

const embedder = fakeEmbedder();
const kept = [
  { name: 'age', type: 'number' },
  { name: 'ward', type: 'text' },
] as const;

const notes: readonly FakeNote[] = [
  {
    ...{ id: 'chest-1', text: 'Chest pain on exertion, radiating to the left arm.' },
    ...{ category: 'Cardiology', group: 'p1', date: '2021-03-04', fields: { age: 67, ward: 'A' } },
    file: '/notes/heart/chest-1.txt',
  },
  {
    ...{ id: 'chest-2', text: 'Chest pain at rest, worse on exertion, left arm heavy.' },
    ...{ category: 'Cardiology', group: 'p1', date: '2021-04-01', fields: { age: 67, ward: 'B' } },
    file: '/notes/heart/chest-2.txt',
  },
  {
    ...{ id: 'chest-3', text: 'Pain in the chest and arm when climbing stairs.' },
    ...{ category: 'Cardiology', group: 'p2', date: '2022-01-01', fields: { age: 40, ward: 'A' } },
    file: '/notes/other/chest-3.txt',
  },
  {
    ...{ id: 'denied', text: 'Ankle sprain. No chest pain, no arm pain on exertion.' },
    ...{ category: 'Injury', group: 'p3', fields: { age: 20, ward: null } },
  },
  {
    ...{ id: 'family', text: 'Asthma review. Mother had chest pain on exertion.' },
    ...{ category: 'Review', group: 'p4', fields: { age: 8, ward: 'B' } },
  },
  { id: 'mood', text: 'Low mood and poor sleep for weeks.', fields: { age: 50, ward: 'A' } },
];

describe.each([{ flat: false }, { flat: true }])('findNotes, flat: $flat', ({ flat }) => {
  let folder: string;
  let store: Store | null = null;

  async function index(some: readonly FakeNote[]): Promise<void> {
    const corpus = fakeCorpus(some, '/notes', kept);
    await indexCorpus({ corpus, embedder, storeFolder: folder, flat, now: Date.now });
  }
  async function find(query: FindQuery, options: Partial<FindOptions> = {}): Promise<Found> {
    store ??= await openStore(folder);
    return findNotes(store, await readSnapshot(store, null), query, { k: 10, ...options });
  }
  const ids = ({ results }: Found): string[] => results.map(({ id }) => id);
  async function typed(text: string): Promise<FindQuery> {
    const { vectors } = await embedder.embedPassages([text]);
    const passages = [{ start: 0, end: text.length, vector: vectors }];
    return { text, as: 'query', vector: vectors, passages };
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-find-'));
  });
  afterEach(async () => {
    await store?.close();
    store = null;
    await rm(folder, { recursive: true, force: true });
  });

  it('leaves out the note and its patient, unless told otherwise', async () => {
    await index(notes);
    const found = await find({ id: 'chest-1' });
    expect(found.searched).toBe(4);
    expect(ids(found).sort()).toEqual(['chest-3', 'denied', 'family', 'mood']);
    const all = await find({ id: 'chest-1' }, { excludeGroup: false });
    expect(ids(all)[0]).toBe('chest-2');
    const elsewhere = await find({ id: 'chest-1' }, { excludeGroup: false, excludeFolder: true });
    expect(ids(elsewhere)).not.toContain('chest-2');
    expect(elsewhere.searched).toBe(4);
    const ofText = await find({ ...(await typed('chest pain')), ofId: 'chest-3' });
    expect(ids(ofText)).not.toContain('chest-3');
    const key = all.results.find(({ id }) => id === 'chest-3')!.key;
    expect(ids(await find({ ...(await typed('chest pain')), ofKey: key }))).toEqual(ids(ofText));
    await expect(find({ id: 'nobody' })).rejects.toThrow(/not in the index/);
  });

  it('searches the notes that pass a filter, and still finds as many as there are', async () => {
    await index(notes);
    const query = await typed('chest pain');
    for (const mode of ['hybrid', 'semantic'] as const) {
      const where = (filter: string) => find(query, { mode, k: 2, where: filter });
      expect(ids(await where('category != Cardiology')).length).toBe(2);
      expect(ids(await where('category = cardiology and date < 2022'))).toEqual(
        expect.arrayContaining(['chest-1', 'chest-2']),
      );
      expect(ids(await where('age > 45 and ward = A')).sort()).toEqual(['chest-1', 'mood']);
      expect(ids(await where('ward is missing'))).toEqual(['denied']);
      expect(ids(await where('folder = heart')).sort()).toEqual(['chest-1', 'chest-2']);
    }
    const none = await find(query, { where: 'category = Nursing' });
    expect(none).toEqual({ results: [], searched: 0 });
    await expect(find(query, { where: 'wards = A' })).rejects.toThrow(
      /no field "wards": .*date, folder, age or ward/,
    );
    await expect(find(query, { where: 'label = x' })).rejects.toThrow(/No note .* has a label/);
  });

  it('finds by words, by meaning, and by both, and says what each side thought', async () => {
    await index(notes);
    const query = await typed('exertion');
    const words = await find(query, { mode: 'keyword' });
    expect(ids(words).sort()).toEqual(['chest-1', 'chest-2', 'denied', 'family']);
    for (const { semanticRank, keywordRank, similarity } of words.results) {
      expect(semanticRank).toBeNull();
      expect(keywordRank).toBeGreaterThan(0);
      expect(Math.abs(similarity)).toBeLessThanOrEqual(1);
    }
    const meaning = await find(query, { mode: 'semantic' });
    expect(meaning.results.map(({ semanticRank }) => semanticRank)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(meaning.results.every(({ keywordRank }) => keywordRank === null)).toBe(true);
    const both = await find(query);
    expect(both.results.find(({ id }) => id === 'mood')?.keywordRank).toBeNull();
    const first = both.results[0]!;
    expect(first.rank).toBe(1);
    expect(first.percentile).toBe(100);
    expect(both.results.map(({ percentile }) => percentile)).toEqual(
      [5, 4, 3, 2, 1, 0].map((less) => 20 * less),
    );
    for (const mode of ['hybrid', 'semantic', 'keyword'] as const) {
      const found = await find(query, { mode });
      const near = found.results.map(({ nearness }) => nearness!);
      expect(near).toEqual([...near].sort((a, b) => b - a));
      expect(near[0]).toBeGreaterThan(0);
      expect(near[0]).toBeLessThanOrEqual(100);
    }
    expect((await find(await typed('zebra'), { mode: 'keyword' })).results).toEqual([]);
  });

  it('labels notes that deny the query or say it of the family, and leaves them out if asked', async () => {
    await index(notes);
    const query = await typed('chest pain on exertion');
    const labels = (found: Found) =>
      Object.fromEntries(found.results.map(({ id, assertion }) => [id, assertion]));
    expect(labels(await find(query))).toEqual({
      ...{ 'chest-1': null, 'chest-2': null, 'chest-3': null, mood: null },
      ...{ denied: 'negated', family: 'family' },
    });
    const without = await find(query, { leaveOutNegated: true, k: 4 });
    expect(ids(without).sort()).toEqual(['chest-1', 'chest-2', 'chest-3', 'mood']);
    // A query that denies it finds what denies it.
    expect(labels(await find(await typed('no chest pain')))['denied']).toBeNull();
  });

  it('calls a note that says the same wholly near, and never more than that', async () => {
    const same = { ...notes[5]!, id: 'same', group: 'p9' };
    await index([...notes, same]);
    for (const mode of ['hybrid', 'semantic', 'keyword'] as const) {
      const { results } = await find({ id: 'mood' }, { mode });
      expect(results[0]).toMatchObject({ id: 'same', percentile: 100 });
      expect(results[0]!.nearness).toBeCloseTo(100, 4);
      expect(results[1]?.nearness ?? 0).toBeLessThan(90);
    }
  });

  it('does not call a note negated for an "and" that both have', async () => {
    const others = Array.from({ length: 30 }, (_, i) => ({
      ...{ id: `other-${i}`, text: `${fakeText(i, 5)} and ${fakeText(i + 99, 5)}.` },
    }));
    const none = { id: 'none', text: 'No fever and no cough.' };
    await index([...others, none, { id: 'alone', text: 'Eats well.' }]);
    const found = await find(await typed('low mood and fever'), { mode: 'keyword', k: 40 });
    expect(found.results.find(({ id }) => id === 'none')?.assertion).toBe('negated');
    const and = await find(await typed('eats well and sleeps'), { mode: 'keyword', k: 40 });
    expect(and.results.find(({ id }) => id === 'none')?.assertion).toBeNull();
  });

  it('folds almost identical notes into one', async () => {
    const text = `${fakeText(1, 60)} discharge summary.`;
    const copies = Array.from({ length: 13 }, (_, i) => ({ id: `copy-${i + 10}`, text }));
    await index([...notes, ...copies]);
    const query = await typed('discharge summary');
    const { results } = await find(query, { k: 3 });
    expect(results.length).toBe(3);
    expect(results[0]).toMatchObject({ id: 'copy-10', copies: { count: 12 } });
    expect(results[0]!.copies.ids).toHaveLength(12);
    expect(ids({ results, searched: 0 }).filter((id) => id.startsWith('copy'))).toHaveLength(1);
    const unfolded = await find(query, { k: 3, foldCopies: false });
    expect(ids(unfolded)).toEqual(['copy-10', 'copy-11', 'copy-12']);
    expect(unfolded.results[0]!.copies).toEqual({ count: 0, ids: [] });
  });

  it('says why', async () => {
    await index(notes);
    const query = await typed('chest pain on exertion');
    const { results } = await find(query, { explain: true });
    const hit = results.find(({ id }) => id === 'chest-1')!;
    const { terms, pairs, semantic, keyword } = hit.why!;
    expect(terms.map(({ term }) => term).sort()).toEqual(['chest', 'exertion', 'on', 'pain']);
    expect(terms.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(semantic).not.toBeNull();
    expect(keyword).toBeGreaterThan(0);
    expect(new Set(pairs.map(({ by }) => by))).toEqual(new Set(['meaning', 'words']));
    const text = notes[0]!.text;
    for (const { note } of pairs) expect(text.slice(note.start, note.end)).toContain('Chest pain');
    expect((await find(query)).results[0]!.why).toBeNull();
    // What each side adds makes up the order.
    const sums = results.map(({ why }) => (why!.semantic ?? 0) + (why!.keyword ?? 0));
    const shared = results.filter(({ keywordRank }) => keywordRank !== null).length;
    const ordered = sums.slice(0, shared);
    expect(ordered).toEqual([...ordered].sort((a, b) => b - a));
  });

  it('follows notes that come, change and go, in a snapshot that is kept', async () => {
    await index(notes);
    store = await openStore(folder);
    const before = await readSnapshot(store, null);
    expect(await readSnapshot(store, before)).toBe(before);
    const changed = notes.filter(({ id }) => id !== 'mood').slice(1);
    await index([...changed, { id: 'new', text: 'Wheezing at night.' }]);
    const after = await readSnapshot(store, before);
    expect([...after.byId.keys()].sort()).toEqual(
      ['chest-2', 'chest-3', 'denied', 'family', 'new'].sort(),
    );
    const options = { k: 5, mode: 'keyword' } as const;
    const { results } = await findNotes(store, after, await typed('wheezing'), options);
    expect(results.map(({ id }) => id)).toEqual(['new']);
    const fresh = await readSnapshot(store, null);
    expect(after.postings).toEqual(fresh.postings);
    expect(after.rows.count).toBe(fresh.rows.count);
    for (let row = 0; row < fresh.rows.count; row++) {
      expect(after.rows.at(row)).toEqual(fresh.rows.at(row));
    }
    expect(after.mean).toEqual(fresh.mean);
  });

  it('counts the words itself where they are not stored', async () => {
    await index(notes);
    await rm(join(folder, 'words'), { recursive: true });
    expect(ids(await find(await typed('stairs'), { mode: 'keyword' }))).toEqual(['chest-3']);
  });
});
