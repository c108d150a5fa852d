import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/core/base/errors.js';
import { indexCorpus } from '../../src/core/index/indexCorpus.js';
import { openStore } from '../../src/core/index/store.js';
import type { Store } from '../../src/core/index/store.js';
import { readFields } from '../../src/engine/lookup/fields.js';
import type { Queries } from '../../src/engine/lookup/queries.js';
import { answerSimilar } from '../../src/engine/lookup/similar.js';
import { createSnapshots, fitsInMemory } from '../../src/engine/lookup/snapshots.js';
import { createStores } from '../../src/engine/lookup/stores.js';
import type { SimilarParams, SimilarResponse } from '../../src/protocol/lookup.js';
import { fakeCorpus, fakeEmbedder } from '../core/index/fakes.js';

const embedder = fakeEmbedder();
const queries: Queries = {
  async embed(_store, { text }) {
    const { vectors } = await embedder.embedPassages([text]);
    return { vector: vectors, passages: [{ start: 0, end: text.length, vector: vectors }] };
  },
  release: () => Promise.resolve(),
};
const texts = ['chest pain on exertion', 'chest pain at rest', 'sprained ankle', 'low mood'];
const notes = texts.map((text, i) => ({ id: `n${i}`, text, group: i < 2 ? 'p' : null }));

describe('answerSimilar', () => {
  let folder: string;
  let store: Store;
  const snapshots = createSnapshots();
  const ask = (params: Omit<SimilarParams, 'store' | 'device' | 'k'>, mostInMemory = 100) => {
    const asked = { k: 3, device: 'auto', ...params } as const;
    return answerSimilar(store, asked, { queries, snapshots, mostInMemory });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-similar-'));
    const corpus = fakeCorpus(notes);
    await indexCorpus({ corpus, embedder, storeFolder: folder, flat: true, now: Date.now });
    store = await openStore(folder);
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('leaves out the patient of the note that a text is of', async () => {
    const query = { text: 'chest pain', as: 'query', excludeId: 'n0' } as const;
    const { results, searched, remark } = await ask({ query });
    expect(results.map(({ id }) => id).sort()).toEqual(['n2', 'n3']);
    expect([searched, remark]).toEqual([2, null]);
    const all = await ask({ query, excludeGroup: false });
    expect(all.results[0]?.id).toBe('n1');
  });

  it('reads the index once for many searches', async () => {
    const snapshot = await snapshots.get(store);
    await Promise.all([1, 2, 3].map(() => ask({ query: { id: 'n0' } })));
    expect(await snapshots.get(store)).toBe(snapshot);
  });

  it('knows columns that are kept from now on, and keeps what it has read', async () => {
    const stores = createStores();
    const before = await stores.get(folder);
    const query = { text: 'chest pain', as: 'query' } as const;
    const where = 'ward = A';
    const find = async (): Promise<SimilarResponse> => {
      const asked = { k: 3, device: 'auto', query, where } as const;
      return answerSimilar(await stores.get(folder), asked, { queries, snapshots });
    };
    const offered = async () => readFields(await stores.get(folder), snapshots);
    await expect(find()).rejects.toThrow(/no field "ward"/);
    expect(await offered()).toEqual([]);
    const read = await snapshots.get(before);
    const [first, ...rest] = notes;
    const corpus = fakeCorpus([{ ...first!, fields: { ward: 'A' } }, ...rest], '/notes', [
      { name: 'ward', type: 'text' },
    ]);
    await indexCorpus({ corpus, embedder, storeFolder: folder, flat: true, now: Date.now });
    expect((await find()).results.map(({ id }) => id)).toEqual(['n0']);
    const values = [{ value: 'A', count: 1 }];
    expect(await offered()).toEqual([{ name: 'ward', type: 'text', values, range: null }]);
    const none = createSnapshots(() => 0);
    expect(await readFields(await stores.get(folder), none)).toEqual([]);
    const now = await snapshots.get(await stores.get(folder));
    const place = read.byId.get('n1')!;
    expect(now).not.toBe(read);
    expect(now.terms.get(read.notes[place]!.key)).toBe(read.terms.get(read.notes[place]!.key));
    await before.close();
  });

  it('does not go on with a lookup that is cancelled', async () => {
    const controller = new AbortController();
    let embedded = 0;
    const slow: Queries = {
      ...queries,
      async embed(...asked) {
        embedded++;
        // The mouse moves on while the text is embedded.
        controller.abort();
        return queries.embed(...asked);
      },
    };
    let held = 0;
    const watched = {
      ...snapshots,
      get: (of: Store) => {
        held++;
        return snapshots.get(of);
      },
    };
    const asked = { k: 3, device: 'auto', query: { text: 'chest', as: 'query' } } as const;
    const { signal } = controller;
    const answer = answerSimilar(store, asked, { queries: slow, snapshots: watched, signal });
    await expect(answer).rejects.toThrow(Cancelled);
    expect([embedded, held]).toEqual([1, 0]);
  });

  it('holds an index in memory as far as that goes', async () => {
    expect(fitsInMemory({ documents: 1_000_000, passages: 1_000_000 }, 384, 8e9)).toBe(true);
    expect(fitsInMemory({ documents: 1_000_000, passages: 1_000_000 }, 384, 4e9)).toBe(false);
    expect(fitsInMemory({ documents: 2_000_000, passages: 2_000_000 }, 384, 64e9)).toBe(false);
    let memory = 1e9;
    const own = createSnapshots(() => memory);
    expect(await own.size(store)).toMatchObject({ documents: 4, isHeld: true });
    await own.get(store);
    memory = 0;
    expect(await own.size(store)).toMatchObject({ isHeld: true });
    expect(await createSnapshots(() => memory).size(store)).toMatchObject({ isHeld: false });
  });

  it('searches an index that is too large for memory by meaning, and says so', async () => {
    const { results, remark } = await ask({ query: { id: 'n0' } }, 3);
    expect(results[0]).toMatchObject({
      ...{ id: 'n1', rank: 1, semanticRank: 1, keywordRank: null },
      ...{ percentile: 100, nearness: null },
    });
    expect(remark).toMatch(/by meaning alone/);
    const typed = { text: 'chest pain', as: 'query' } as const;
    expect((await ask({ query: typed }, 3)).results).toHaveLength(3);
    await expect(ask({ query: typed, where: 'category = x' }, 3)).rejects.toThrow(/4 notes/);
    await expect(ask({ query: typed, mode: 'keyword' }, 3)).rejects.toThrow(/leave out/);
  });
});
