/** One contract, two stores. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFlatStore } from '../../../src/core/index/flatStore.js';
import type { Tables } from '../../../src/core/index/tables.js';
import { openVectorStore } from '../../../src/core/index/vectorStore.js';
import { dimension, documentRow, passageRow, randomVector, unit } from './rows.js';

const stores = {
  LanceDB: openVectorStore,
  flat: openFlatStore,
};

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
    expect(await tables.fingerprints()).toEqual(new Map());
    expect(await tables.nearestDocuments(randomVector(1), 5)).toEqual([]);
    expect((await tables.allDocuments()).ids).toEqual([]);
    expect(await tables.documentById('x')).toBeNull();
  });

  it('gives back rows as they were put, also in another process’s eyes', async () => {
    const full = documentRow('a', {
      text: 'Füße 😀\nzweite\tZeile',
      category: 'Nursing',
      label: '3',
      group: 'p1',
      file: '/notes/a.txt',
    });
    const passages = [
      passageRow(full.key, { index: 1, start: 5, end: 9, textHash: 'h1', tokens: 7 }),
      passageRow(full.key, { index: 0, textHash: 'h0' }),
    ];
    await tables.put([full, documentRow('b')], passages);
    const reader = await reopen();
    expect(await reader.documentById('a')).toEqual(full);
    expect(await reader.documents([full.key, 'key-none'])).toEqual([full]);
    expect(await reader.passagesOf([full.key])).toEqual([passages[1], passages[0]]);
    expect(await reader.passagesByText(['h1', 'none'])).toEqual(new Map([['h1', passages[0]]]));
    expect(await reader.counts()).toEqual({ documents: 2, passages: 2 });
    expect(await reader.fingerprints()).toEqual(
      new Map([
        [full.key, { fingerprint: 'print-a', passages: 1 }],
        ['key-b', { fingerprint: 'print-b', passages: 1 }],
      ]),
    );
    await reader.close();
  });

  it.each(["O'Neil", '100%_"x"', '\\', 'a`b', 'ü/😀', "'; DROP TABLE documents; --", 'x\ny'])(
    'finds the id %j',
    async (id) => {
      await tables.put([documentRow(id), documentRow('other')], []);
      expect((await tables.documentById(id))?.id).toBe(id);
    },
  );

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
    expect((await tables.documentById('a'))?.text).toBe('New.');
    expect([...(await tables.passagesByText(['old', 'new'])).keys()]).toEqual(['new']);
    await tables.remove(['key-a']);
    expect(await tables.counts()).toEqual({ documents: 1, passages: 1 });
    expect(await tables.passagesOf(['key-a'])).toEqual([]);
    await tables.compact();
    expect(await tables.counts()).toEqual({ documents: 1, passages: 1 });
    expect((await tables.allDocuments()).ids).toEqual(['b']);
  });

  it('lists documents in order of id, whatever the order of writing', async () => {
    await tables.put([documentRow('b'), documentRow('a', { category: 'x' })], []);
    await tables.put([documentRow('10'), documentRow('9')], []);
    const columns = await tables.allDocuments();
    expect(columns.ids).toEqual(['10', '9', 'a', 'b']);
    expect(columns.categories).toEqual([null, null, 'x', null]);
    expect(columns.vectors.subarray(2 * dimension, 3 * dimension)).toEqual(documentRow('a').vector);
  });

  it('takes one removed note among many off the disk, text and vectors', async () => {
    const secret = 'QWXZJK-secret-QWXZJK';
    const vector = unit(randomVector(4711));
    const rows = Array.from({ length: 500 }, (_, i) => documentRow(`d${i}`));
    await tables.put(
      [...rows, documentRow('gone', { text: secret, vector })],
      [passageRow('key-gone', { vector })],
    );
    await tables.compact();
    const bytes = Buffer.from(vector.buffer, 4, 32);
    // The text may stand compressed; the vector beside it in the same file does not.
    expect(await filesWith(folder, bytes)).not.toEqual([]);
    await tables.remove(['key-gone']);
    await tables.compact();
    expect(await filesWith(folder, bytes)).toEqual([]);
    expect(await filesWith(folder, Buffer.from(secret))).toEqual([]);
    expect(await tables.counts()).toEqual({ documents: 500, passages: 0 });
  });

  it('lets a reader go on while a writer adds, removes and compacts', async () => {
    await tables.put([documentRow('a')], [passageRow('key-a')]);
    const reader = await reopen();
    expect((await reader.allDocuments()).ids).toEqual(['a']);
    await tables.put([documentRow('b')], [passageRow('key-b')]);
    expect((await reader.allDocuments()).ids).toEqual(['a', 'b']);
    await tables.compact();
    expect((await reader.nearestDocuments(randomVector(1), 5)).length).toBe(2);
    await tables.remove(['key-a']);
    await tables.compact();
    await tables.put([documentRow('c')], []);
    expect((await reader.allDocuments()).ids).toEqual(['b', 'c']);
    expect((await reader.passagesOf(['key-b'])).length).toBe(1);
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
