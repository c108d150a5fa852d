/** An index remembers the prompts of its notes and of queries, and refuses others. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import type { IndexCounts } from '../../../src/core/index/indexCorpus.js';
import { rebuildReason } from '../../../src/core/index/rebuildReason.js';
import { similarDocuments } from '../../../src/core/index/search.js';
import { openStore } from '../../../src/core/index/store.js';
import type { Store } from '../../../src/core/index/store.js';
import type { GivenPrompts } from '../../../src/core/model/prompts.js';
import { createQueries } from '../../../src/engine/lookup/queries.js';
import type { QueryText } from '../../../src/engine/lookup/queries.js';
import { sentenceGolden, writeSentenceFolder } from '../model/sentenceFolders.js';
import type { SentenceCase } from '../model/sentenceFolders.js';
import { fakeCorpus } from './fakes.js';

const { texts } = sentenceGolden;
const corpus = fakeCorpus(texts.map((text, i) => ({ id: `note-${i}`, text })));
let folder: string;
let own: { readonly model: string; readonly golden: SentenceCase };
let bare: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-prompts-'));
  const model = join(folder, 'own');
  own = { model, golden: await writeSentenceFolder(model, 'prompts') };
  bare = join(folder, 'bare');
  await writeSentenceFolder(bare, 'cls');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Indexes the notes; returns the counts, and why the index was built again. */
async function index(
  store: string,
  modelFolder: string,
  prompts: GivenPrompts,
): Promise<IndexCounts & { readonly reason: string | null }> {
  const cacheFolder = join(folder, 'cache');
  const embedder = await createEmbedder({
    ...{ modelFolder, cacheFolder, prompts, device: 'cpu', threads: 1 },
  });
  const storeFolder = join(folder, store);
  try {
    const reason = await rebuildReason(storeFolder, embedder);
    const now = (): number => Date.now();
    return { ...(await indexCorpus({ corpus, embedder, storeFolder, flat: true, now })), reason };
  } finally {
    await embedder.release();
  }
}

/** Similarities of a text to every note, by its number. */
async function similarities(store: Store, query: QueryText): Promise<number[]> {
  const queries = createQueries({ cacheFolder: join(folder, 'cache'), threads: 1 });
  try {
    const { vector } = await queries.embed(store, query, 'cpu', undefined);
    const found = await similarDocuments(store, { vector, k: texts.length });
    return texts.map((_, i) => found.find(({ id }) => id === `note-${i}`)!.similarity);
  } finally {
    await queries.release();
  }
}

async function withStore<T>(store: string, use: (opened: Store) => Promise<T>): Promise<T> {
  const opened = await openStore(join(folder, store));
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

it.each([
  ['own', 'of the model’s folder', {}],
  ['bare', 'given by the user', { query: 'query: ', document: 'passage: ' }],
] as const)(
  'finds as sentence-transformers compares queries with documents, with the prompts %s (%s)',
  async (which, _, prompts) => {
    await index(which, which === 'own' ? own.model : bare, prompts);
    await withStore(which, async (store) => {
      const { query, document } = own.golden;
      for (const as of ['query', 'document'] as const) {
        const found = await similarities(store, { text: texts[1]!, as });
        const asked = as === 'query' ? query[1]! : document[1]!;
        texts.forEach((_text, i) => {
          expect(Math.abs(found[i]! - dot(asked, document[i]!))).toBeLessThan(1e-4);
        });
      }
    });
  },
);

it('is built again for another document prompt, saying so, and reuses nothing', async () => {
  const first = await index('changing', bare, { document: 'passage: ' });
  expect(first).toMatchObject({ embedded: 4, reused: 0, reason: null });
  const same = await index('changing', bare, { document: 'passage: ', query: 'query: ' });
  expect(same).toMatchObject({ embedded: 0, reused: 4, reason: null });
  const other = await index('changing', bare, { document: 'note: ' });
  expect(other).toMatchObject({
    embedded: 4,
    reused: 0,
    reason: 'The index was made with another document prompt: all notes are embedded again.',
  });
  const model = await index('changing', own.model, {});
  expect(model).toMatchObject({ embedded: 4, reused: 0 });
});

it('takes a new query prompt without embedding its notes again', async () => {
  await index('queries', bare, { query: 'query: ' });
  const before = await openStore(join(folder, 'queries'));
  const asked = { text: texts[0]!, as: 'query' } as const;
  const old = await similarities(before, asked);
  const given = await similarities(before, { ...asked, prompts: { query: 'passage: ' } });
  expect(await index('queries', bare, { query: 'passage: ' })).toMatchObject({ embedded: 0 });
  expect((await before.current())?.manifest.prompts?.query).toBe('passage: ');
  await before.close();
  await withStore('queries', async (store) => {
    const now = await similarities(store, asked);
    expect(now).toEqual(given);
    expect(now).not.toEqual(old);
  });
});

it('refuses a lookup with another document prompt', async () => {
  await index('refusing', bare, { document: 'passage: ' });
  await withStore('refusing', async (store) => {
    const query = { text: texts[0]!, as: 'document', prompts: { document: 'note: ' } } as const;
    await expect(similarities(store, query)).rejects.toThrow(/another document prompt: index the/);
  });
});
