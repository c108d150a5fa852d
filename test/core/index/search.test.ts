import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import { readNote, similarDocuments, similarPassages } from '../../../src/core/index/search.js';
import { openStore } from '../../../src/core/index/store.js';
import type { Store } from '../../../src/core/index/store.js';
import { allDocumentVectors } from '../../../src/core/index/vectors.js';
import { fakeCorpus, fakeEmbedder, fakeText } from './fakes.js';
import type { FakeNote } from './fakes.js';

const embedder = fakeEmbedder();
const vectorOf = async (text: string) => (await embedder.embedPassages([text])).vectors;

describe.each([{ flat: false }, { flat: true }])('search, flat: $flat', ({ flat }) => {
  let folder: string;
  let store: Store | null = null;

  async function storeOf(notes: FakeNote[], exactRows?: number): Promise<Store> {
    const corpus = fakeCorpus(notes);
    await indexCorpus({ corpus, embedder, storeFolder: folder, flat, exactRows, now: Date.now });
    store = await openStore(folder);
    return store;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-search-'));
  });
  afterEach(async () => {
    await store?.close();
    store = null;
    await rm(folder, { recursive: true, force: true });
  });

  it('ranks by cosine and leaves a document out of its own results', async () => {
    const opened = await storeOf([
      { id: 'knee', text: 'pain in the left knee after a fall', category: 'Injury' },
      { id: 'knees', text: 'pain in the right knee after a fall' },
      { id: 'mood', text: 'sleeping poorly with low mood' },
    ]);
    const hits = await similarDocuments(opened, { id: 'knee', k: 5 });
    expect(hits.map(({ rank, id }) => [rank, id])).toEqual([
      [1, 'knees'],
      [2, 'mood'],
    ]);
    expect(hits[0]!.similarity).toBeGreaterThan(0.7);
    expect(hits[0]!.similarity).toBeLessThanOrEqual(1);
    const vector = await vectorOf('pain in the left knee after a fall');
    const [self] = await similarDocuments(opened, { vector, k: 1 });
    expect(self).toMatchObject({ id: 'knee', category: 'Injury', file: null, rank: 1 });
    expect(self!.similarity).toBeCloseTo(1, 6);
    const others = await similarPassages(opened, { vector, k: 1, excludeId: 'knee' });
    expect(others.map(({ id }) => id)).toEqual(['knees']);
    const { text } = await readNote(opened, { key: self!.key });
    expect(text).toBe('pain in the left knee after a fall');
    await expect(similarDocuments(opened, { id: 'none', k: 1 })).rejects.toThrow(
      /not in the index/,
    );
  });

  it('orders equally near notes by id, whichever of them are asked for', async () => {
    const twins = Array.from({ length: 90 }, (_, i) => ({
      id: `n${String((i * 37) % 90).padStart(2, '0')}`,
      text: 'the very same note',
    }));
    const opened = await storeOf([...twins, { id: 'z', text: 'quite another matter' }]);
    const expected = ['n00', 'n01', 'n02', 'n03'];
    const vector = await vectorOf('the very same note');
    const documents = await similarDocuments(opened, { vector, k: 4 });
    expect(documents.map(({ id }) => id)).toEqual(expected);
    const passages = await similarPassages(opened, { vector, k: 4 });
    expect(passages.map(({ id }) => id)).toEqual(expected);
    const all = await similarDocuments(opened, { vector, k: 200 });
    expect(all.length).toBe(91);
    expect(all.at(-1)?.id).toBe('z');
  });

  it('points at the passage of a long note that is nearest', async () => {
    const middle = 'urgent referral to cardiology because of chest pain on exertion.';
    const text = `${fakeText(1, 60)}.\n\n${middle}\n\n${fakeText(2, 60)}.`;
    const opened = await storeOf([
      { id: 'long', text },
      { id: 'short', text: 'something else' },
    ]);
    const vector = await vectorOf(middle);
    for (const search of [similarDocuments, similarPassages]) {
      const hit = (await search(opened, { vector, k: 2 })).find(({ id }) => id === 'long')!;
      expect(text.slice(hit.passage.start, hit.passage.end)).toContain('cardiology');
      expect(hit.snippet).toContain('cardiology');
    }
    const passages = await similarPassages(opened, { vector, k: 5 });
    expect(passages.map(({ id }) => id)).toEqual(['long', 'short']);
  });

  it('shows snippets as plain text of about 200 characters', async () => {
    const text = `<b>Bold</b>\n\n\t${'wörd 😀 wördwördwörd😀😀 '.repeat(9)}`;
    const opened = await storeOf([{ id: 'a', text }]);
    const [hit] = await similarDocuments(opened, { vector: await vectorOf('<b>bold</b>'), k: 1 });
    expect(hit!.snippet).toMatch(/^<b>Bold<\/b> wörd 😀 wörd/);
    expect(hit!.snippet.length).toBeLessThanOrEqual(201);
    expect(hit!.snippet).not.toMatch(/\s\s|\n/);
    expect(hit!.snippet).toMatch(/.{150}…$/);
    // No half of a surrogate pair.
    expect(hit!.snippet).not.toMatch(/\p{Surrogate}/u);
  });

  it('finds nearly all of the ten nearest through the index that large stores have', async () => {
    const notes = Array.from({ length: 3000 }, (_, i) => ({ id: `n${i}`, text: fakeText(i, 6) }));
    const opened = await storeOf(notes, 1000);
    const { vectors, ids, dimension } = await allDocumentVectors(opened);
    let found = 0;
    for (let query = 0; query < 20; query++) {
      const vector = await vectorOf(fakeText(query, 6));
      const length = Math.hypot(...vector);
      const exact = ids
        .map((id, row) => {
          let dot = 0;
          for (let i = 0; i < dimension; i++) dot += vectors[row * dimension + i]! * vector[i]!;
          return { id, similarity: dot / length };
        })
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 10);
      const hits = await similarDocuments(opened, { vector, k: 10 });
      const names = new Set(hits.map(({ id }) => id));
      found += exact.filter(({ id }) => names.has(id)).length;
    }
    expect(found / 200).toBeGreaterThanOrEqual(flat ? 1 : 0.98);
  });
});
