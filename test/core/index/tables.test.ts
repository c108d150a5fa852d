/** One contract, two stores. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFlatStore } from '../../../src/core/index/flatStore.js';
import { documentById, rowsOf } from '../../../src/core/index/tables.js';
import type { DocumentFilter, PassageFilter, Tables } from '../../../src/core/index/tables.js';
import { openVectorStore } from '../../../src/core/index/vectorStore.js';
import { dimension, documentRow, passageRow, randomVector, unit } from './rows.js';

const stores = {
  LanceDB: openVectorStore,
  flat: openFlatStore,
};

const allOfDocument = [
  ...(['key', 'id', 'text', 'fingerprint', 'category', 'label', 'group', 'file'] as const),
  ...(['date', 'fields', 'passages', 'vector'] as const),
];
const allOfPassage = ['document', 'index', 'start', 'end', 'textHash', 'tokens', 'vector'] as const;

const documentsOf = (tables: Tables, only?: DocumentFilter) =>
  rowsOf(tables.documents(allOfDocument, only));
const passagesOf = (tables: Tables, only?: PassageFilter) =>
  rowsOf(tables.passages(allOfPassage, only));
const idsOf = async (tables: Tables, only?: DocumentFilter) =>
  (await rowsOf(tables.documents(['id'], only))).map(({ id }) => id).sort();

describe.each(Object.entries(stores))('%s store', (_name, open) => {
  let folder: string;
  let tables: Tables;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-store-'));
    tables = await open(folder, { create: true, dimension });
  });
  afterEach(async () => {
    await tables.close();
    await rm(folder, { recursive: true, force: true });
  });

  const reopen = () => open(folder, { create: false, dimension });

  it('starts empty', async () => {
    expect(await tables.counts()).toEqual({ documents: 0, passages: 0 });
    expect(await documentsOf(tables)).toEqual([]);
    expect(await passagesOf(tables)).toEqual([]);
    expect(await tables.nearestDocuments(randomVector(1), 5)).toEqual([]);
    expect(await documentById(tables, 'x', ['key'])).toBeNull();
  });

  it('gives back rows as they were put, also in another process’s eyes', async () => {
    const full = documentRow('a', {
      text: 'Füße 😀\nzweite\tZeile',
      category: 'Nursing',
      label: '3',
      group: 'p1',
      date: '2024-02-09T10:15',
      fields: { ward: '7 “B”', age: 71.5, seen: null, vector: 'x', ['__proto__']: 'y' },
      file: '/notes/a.txt',
    });
    const passages = [
      passageRow(full.key, { index: 1, start: 5, end: 9, textHash: 'h1', tokens: 7 }),
      passageRow(full.key, { index: 0, textHash: 'h0' }),
    ];
    await tables.put([full, documentRow('b')], passages);
    const reader = await reopen();
    expect(await documentsOf(reader, { id: ['a'] })).toEqual([full]);
    expect(await documentsOf(reader, { key: [full.key, 'key-none'] })).toEqual([full]);
    expect((await passagesOf(reader)).sort((a, b) => a.index - b.index)).toEqual([
      passages[1],
      passages[0],
    ]);
    expect(await passagesOf(reader, { textHash: ['h1', 'none'] })).toEqual([passages[0]]);
    expect(await passagesOf(reader, { document: ['key-b'] })).toEqual([]);
    expect(await reader.counts()).toEqual({ documents: 2, passages: 2 });
    await reader.close();
  });

  it.each(["O'Neil", '100%_"x"', '\\', 'a`b', 'ü/😀', "'; DROP TABLE documents; --", 'x\ny'])(
    'finds the id %j',
    async (id) => {
      await tables.put([documentRow(id), documentRow('other')], []);
      expect((await documentById(tables, id, ['id']))?.id).toBe(id);
      await tables.compact();
      expect(await idsOf(tables, { id: [id] })).toEqual([id]);
    },
  );

  it('reads the columns that were asked for, and no others', async () => {
    await tables.put([documentRow('a', { category: 'x' })], [passageRow('key-a')]);
    expect(await rowsOf(tables.documents(['category', 'id']))).toEqual([
      { category: 'x', id: 'a' },
    ]);
    expect(await rowsOf(tables.passages(['tokens'], { document: ['key-a'] }))).toEqual([
      { tokens: 3 },
    ]);
  });

  it('reads many rows in portions, and stops when nobody reads on', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => documentRow(`d${i}`));
    await tables.put(rows, []);
    const sizes: number[] = [];
    for await (const batch of tables.documents(['key'])) sizes.push(batch.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000);
    for await (const batch of tables.documents(['key'])) {
      expect(batch.length).toBeLessThan(20_000);
      break;
    }
    const asked = rows.filter((_, i) => i % 7 === 0).map(({ key }) => key);
    expect((await rowsOf(tables.documents(['key'], { key: asked }))).length).toBe(asked.length);
  });

  it('finds what came, changed and went since the indexes were built', async () => {
    await tables.put(
      ['a', 'b', 'c'].map((id) => documentRow(id)),
      ['a', 'b', 'c'].map((id) => passageRow(`key-${id}`, { textHash: `hash-${id}` })),
    );
    await tables.compact();
    await tables.put(
      [documentRow('b', { text: 'New.' }), documentRow('d')],
      [passageRow('key-b', { textHash: 'hash-new' }), passageRow('key-d')],
    );
    await tables.remove(['key-c']);
    const reader = await reopen();
    const keys = ['key-a', 'key-b', 'key-c', 'key-d'];
    expect(await idsOf(reader, { key: keys })).toEqual(['a', 'b', 'd']);
    expect(await idsOf(reader, { id: ['a', 'b', 'c', 'd'] })).toEqual(['a', 'b', 'd']);
    expect((await documentById(reader, 'b', ['text']))?.text).toBe('New.');
    const hashes = ['hash-a', 'hash-b', 'hash-c', 'hash-new'];
    const found = await rowsOf(reader.passages(['textHash'], { textHash: hashes }));
    expect(found.map(({ textHash }) => textHash).sort()).toEqual(['hash-a', 'hash-new']);
    expect(await rowsOf(reader.passages(['document'], { document: ['key-d', 'key-c'] }))).toEqual([
      { document: 'key-d' },
    ]);
    await tables.compact();
    expect(await idsOf(reader, { key: keys })).toEqual(['a', 'b', 'd']);
    await reader.close();
  });

  it('finds the nearest by cosine, whatever the length of vectors', async () => {
    const vectors = Array.from({ length: 60 }, (_, i) => randomVector(i));
    await tables.put(
      vectors.map((vector, i) => documentRow(`d${i}`, { vector: unit(vector) })),
      vectors.map((vector, i) =>
        passageRow(`key-d${i}`, { vector: vector.map((x) => x * (i + 1)) }),
      ),
    );
    const query = randomVector(99);
    const cosine = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, x, i) => sum + x * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);
    const expected = vectors
      .map((vector, i) => ({ id: `d${i}`, similarity: cosine(query, vector) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 7);
    const documents = await tables.nearestDocuments(query, 7);
    expect(documents.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    documents.forEach(({ similarity }, i) => {
      expect(similarity).toBeCloseTo(expected[i]!.similarity, 6);
    });
    const passages = await tables.nearestPassages(query, 7);
    expect(passages.map(({ document }) => document)).toEqual(expected.map(({ id }) => `key-${id}`));
  });

  it('replaces and removes documents with their passages', async () => {
    await tables.put(
      [documentRow('a'), documentRow('b')],
      [passageRow('key-a', { textHash: 'old' }), passageRow('key-b', { textHash: 'b' })],
    );
    await tables.put(
      [documentRow('a', { text: 'New.' })],
      [passageRow('key-a', { textHash: 'new' })],
    );
    expect(await tables.counts()).toEqual({ documents: 2, passages: 2 });
    expect((await documentById(tables, 'a', ['text']))?.text).toBe('New.');
    expect(await rowsOf(tables.passages(['textHash'], { textHash: ['old', 'new'] }))).toEqual([
      { textHash: 'new' },
    ]);
    await tables.remove(['key-a']);
    expect(await tables.counts()).toEqual({ documents: 1, passages: 1 });
    expect(await passagesOf(tables, { document: ['key-a'] })).toEqual([]);
    await tables.compact();
    expect(await tables.counts()).toEqual({ documents: 1, passages: 1 });
    expect(await idsOf(tables)).toEqual(['b']);
  });

  it('takes one removed note among many off the disk, text and vectors', async () => {
    const secret = 'QWXZJK-secret-QWXZJK';
    const vector = unit(randomVector(4711));
    const rows = Array.from({ length: 500 }, (_, i) => documentRow(`d${i}`));
    await tables.put(
      [...rows, documentRow('gone', { id: `${secret}-id`, text: secret, vector })],
      [passageRow('key-gone', { vector })],
    );
    await tables.compact();
    const bytes = Buffer.from(vector.buffer, 4, 32);
    // The text may stand compressed; the vector beside it in the same file does not.
    expect(await filesWith(folder, bytes)).not.toEqual([]);
    const before = await indexFiles(folder);
    await tables.remove(['key-gone']);
    await tables.compact();
    const after = await indexFiles(folder);
    expect(await filesWith(folder, bytes)).toEqual([]);
    expect(await filesWith(folder, Buffer.from(secret))).toEqual([]);
    // Nor does an index from before outlast it, in which ids stand compressed.
    expect(after).toHaveLength(before.length);
    expect(before.filter((name) => after.includes(name))).toEqual([]);
    expect(await tables.counts()).toEqual({ documents: 500, passages: 0 });
  });

  it('lets a reader go on while a writer adds, removes and compacts', async () => {
    await tables.put([documentRow('a')], [passageRow('key-a')]);
    const reader = await reopen();
    expect(await idsOf(reader)).toEqual(['a']);
    await tables.put([documentRow('b')], [passageRow('key-b')]);
    expect(await idsOf(reader)).toEqual(['a', 'b']);
    await tables.compact();
    expect((await reader.nearestDocuments(randomVector(1), 5)).length).toBe(2);
    await tables.remove(['key-a']);
    await tables.compact();
    await tables.put([documentRow('c')], []);
    expect(await idsOf(reader)).toEqual(['b', 'c']);
    expect((await passagesOf(reader, { document: ['key-b'] })).length).toBe(1);
    await reader.close();
  });

  it('never shows a half-finished compaction, nor its traces after a kill', async () => {
    await tables.put([documentRow('a')], [passageRow('key-a')]);
    // What a compaction that was killed leaves in LanceDB.
    await tables.put([documentRow('x', { key: '' })], [passageRow('')]);
    if (open === openVectorStore) {
      expect(await tables.counts()).toEqual({ documents: 1, passages: 1 });
      expect((await tables.nearestDocuments(randomVector(1), 5)).map(({ id }) => id)).toEqual([
        'a',
      ]);
      const writer = await open(folder, { create: true, dimension });
      expect((await writer.nearestPassages(randomVector(1), 5)).length).toBe(1);
      await writer.close();
    }
  });
});

/** The files of LanceDB's indexes; each index has a folder of a name of its own. */
async function indexFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && entry.parentPath.includes('_indices'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function filesWith(folder: string, bytes: Buffer): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(bytes)) found.push(path);
  }
  return found;
}
