import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled, UserError } from '../../../src/core/base/errors.js';
import type { Embedder } from '../../../src/core/embed/embedder.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import type { IndexProgress } from '../../../src/core/index/indexCorpus.js';
import { rebuildReason } from '../../../src/core/index/rebuildReason.js';
import { readNote, similarDocuments } from '../../../src/core/index/search.js';
import { checkStoreModel, openStore, storeStatus } from '../../../src/core/index/store.js';
import { rowsOf } from '../../../src/core/index/tables.js';
import { allDocumentVectors } from '../../../src/core/index/vectors.js';
import { fakeCorpus, fakeEmbedder, fakeText } from './fakes.js';
import type { FakeNote } from './fakes.js';

/** 30 words are at most one passage of 32; `long` is several. */
const notes: FakeNote[] = [
  { id: 'a', text: fakeText(1, 20), category: 'Ward', file: 'Ward/a.txt' },
  { id: 'b', text: fakeText(2, 30), category: 'Clinic' },
  { id: 'long', text: fakeText(3, 200) },
];

describe.each([{ flat: false }, { flat: true }])('indexCorpus, flat: $flat', ({ flat }) => {
  let storeFolder: string;

  beforeEach(async () => {
    storeFolder = join(await mkdtemp(join(tmpdir(), 'notespace-index-')), 'store');
  });
  afterEach(() => rm(join(storeFolder, '..'), { recursive: true, force: true }));

  const index = (list: FakeNote[], embedder: Embedder = fakeEmbedder(), signal?: AbortSignal) =>
    indexCorpus({
      ...{ corpus: fakeCorpus(list), embedder, storeFolder, flat, signal, now: Date.now },
    });

  it('embeds everything once and nothing twice', async () => {
    const first = await index(notes);
    expect(first.documents).toBe(3);
    expect(first.passages).toBeGreaterThan(6);
    expect(first).toMatchObject({ embedded: first.passages, reused: 0, removed: 0 });
    const again = fakeEmbedder();
    const second = await index(notes, again);
    expect(again.embeddedTexts).toEqual([]);
    expect(second).toEqual({ ...first, embedded: 0, reused: first.passages });
    const status = await storeStatus(storeFolder);
    expect(status).toMatchObject({ exists: true, documents: 3, passages: first.passages });
    expect(status.model).toBe('/model');
    expect(status.corpus?.source).toBe('/notes');
  });

  it('keeps columns with the notes, and embeds nothing when only these change', async () => {
    await index(notes);
    const kept = notes.map((note, i) => ({ ...note, fields: { age: 40 + i } }));
    expect((await index(kept)).embedded).toBe(0);
    const store = await openStore(storeFolder);
    const rows = await rowsOf(store.tables.documents(['id', 'fields'], { id: ['b'] }));
    await store.close();
    expect(rows).toEqual([{ id: 'b', fields: { age: 41 } }]);
  });

  it('builds an index of an older version again, and says that it cannot be read', async () => {
    await index(notes);
    const path = join(storeFolder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...manifest, format: 1, data: 'data-00000000' }));
    await rename(join(storeFolder, String(manifest['data'])), join(storeFolder, 'data-00000000'));
    await expect(openStore(storeFolder)).rejects.toThrow('made by an older version');
    expect(await storeStatus(storeFolder)).toMatchObject({ exists: false });
    expect(await rebuildReason(storeFolder, fakeEmbedder())).toMatch(/older version/);
    expect((await index(notes)).reused).toBe(0);
    expect(await rebuildReason(storeFolder, fakeEmbedder())).toBeNull();
    expect(await readdir(storeFolder)).not.toContain('data-00000000');
  });

  it('counts notes without a token, which are no neighbours, and says so when one is looked up', async () => {
    const list = [...notes, { id: 'empty', text: '\u200b\u200b' }];
    const blank = fakeEmbedder();
    const embedder: Embedder = {
      ...blank,
      tokenizer: {
        ...blank.tokenizer,
        countTokens: (text) => (text === '\u200b\u200b' ? 0 : blank.tokenizer.countTokens(text)),
      },
    };
    const first = await index(list, embedder);
    expect(first).toMatchObject({ documents: 4, withoutVector: 1 });
    expect(await index(list, embedder)).toMatchObject({
      documents: 4,
      withoutVector: 1,
      embedded: 0,
    });
    const store = await openStore(storeFolder);
    try {
      const hits = await similarDocuments(store, { id: 'a', k: 10 });
      expect(hits.map(({ id }) => id).sort()).toEqual(['b', 'long']);
      await expect(similarDocuments(store, { id: 'empty', k: 3 })).rejects.toThrow(
        /holds no character that the model can read/,
      );
    } finally {
      await store.close();
    }
  });

  it('follows the corpus: a new, a changed, a moved and a removed note', async () => {
    const first = await index(notes);
    const embedder = fakeEmbedder();
    const changed = [
      { ...notes[0]!, id: 'renamed' },
      { ...notes[2]!, text: `${notes[2]!.text} ${fakeText(4, 5)}` },
      { id: 'new', text: fakeText(5, 10) },
    ];
    const second = await index(changed, embedder);
    expect(second.documents).toBe(3);
    expect(second.passages).toBe(second.embedded + second.reused);
    expect(second.embedded).toBe(embedder.embeddedTexts.length);
    expect(second.embedded).toBeLessThan(4);
    // a and b left, with a passage each; the long note's last passage changed.
    expect(second.removed).toBeGreaterThanOrEqual(2);
    expect(first.passages - second.removed + second.embedded + 1).toBe(second.passages);
    const store = await openStore(storeFolder);
    expect((await allDocumentVectors(store)).ids).toEqual(['long', 'new', 'renamed']);
    await expect(readNote(store, { id: 'b' })).rejects.toThrow(/not in the index/);
    await store.close();
  });

  it('rewrites a note whose category changed, without embedding it', async () => {
    await index(notes);
    const embedder = fakeEmbedder();
    const counts = await index([{ ...notes[0]!, category: 'Other' }, ...notes.slice(1)], embedder);
    expect(counts).toMatchObject({ embedded: 0, removed: 0, reused: counts.passages });
    expect(embedder.embeddedTexts).toEqual([]);
    const store = await openStore(storeFolder);
    expect((await readNote(store, { id: 'a' })).category).toBe('Other');
    await store.close();
  });

  it('goes on where a killed run stopped', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => ({ id: `n${i}`, text: fakeText(i, 8) }));
    let batches = 0;
    const dying = fakeEmbedder({
      onEmbed: () => {
        if (++batches === 3) throw new Error('killed');
      },
    });
    await expect(index(many, dying)).rejects.toThrow('killed');
    expect((await storeStatus(storeFolder)).exists).toBe(false);
    const embedder = fakeEmbedder();
    const counts = await index(many, embedder);
    expect(counts.reused).toBe(1024);
    expect(counts.embedded).toBe(176);
    expect(embedder.embeddedTexts.length).toBe(176);
    expect((await storeStatus(storeFolder)).documents).toBe(1200);
  });

  it('leaves nothing behind when it fails before the first note is written', async () => {
    const failing = fakeEmbedder({
      onEmbed: () => {
        throw new Error('no numbers');
      },
    });
    await expect(index(notes, failing)).rejects.toThrow('no numbers');
    expect(await readdir(storeFolder)).toEqual([]);
    await index(notes);
    const before = await readdir(storeFolder);
    const other = { ...failing, modelHash: 'model-b' };
    await expect(index(notes, other)).rejects.toThrow('no numbers');
    expect(await readdir(storeFolder)).toEqual(before);
  });

  it('stops on request and keeps what was written', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => ({ id: `n${i}`, text: fakeText(i, 8) }));
    const controller = new AbortController();
    let batches = 0;
    const embedder = fakeEmbedder({
      onEmbed: () => {
        if (++batches === 2) controller.abort();
      },
    });
    await expect(index(many, embedder, controller.signal)).rejects.toThrow(Cancelled);
    expect((await index(many)).reused).toBeGreaterThanOrEqual(512);
  });

  it('makes everything anew for another model, while readers keep the old until it is whole', async () => {
    await index(notes);
    const reader = await openStore(storeFolder);
    const { key } = await readNote(reader, { id: 'a' });
    expect(() => {
      checkStoreModel(reader, 'model-b');
    }).toThrow(/another model.*index the notes again/);
    const failing = fakeEmbedder({
      modelHash: 'model-b',
      onEmbed: () => {
        throw new Error('killed');
      },
    });
    await expect(index(notes, failing)).rejects.toThrow('killed');
    expect((await readNote(reader, { key })).id).toBe('a');
    expect(await reader.current()).not.toBeNull();
    const counts = await index(notes, fakeEmbedder({ modelHash: 'model-b' }));
    expect(counts).toMatchObject({ embedded: counts.passages, reused: 0, removed: 0 });
    expect(await reader.current()).toBeNull();
    await reader.close();
    const store = await openStore(storeFolder);
    checkStoreModel(store, 'model-b');
    // Open notes are named by their keys.
    expect((await readNote(store, { key })).id).toBe('a');
    await store.close();
    const folders = (await readdir(storeFolder)).filter((name) => name.startsWith('data-'));
    expect(folders.length).toBe(1);
  });

  it('gives keys that say nothing about ids', async () => {
    await index(notes);
    const store = await openStore(storeFolder);
    const { keys } = await allDocumentVectors(store);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
    await store.close();
    const first = keys.join();
    await rm(storeFolder, { recursive: true });
    await index(notes);
    const other = await openStore(storeFolder);
    expect((await allDocumentVectors(other)).keys.join()).not.toBe(first);
    await other.close();
  });

  it('names the file of a note absolutely', async () => {
    await index(notes);
    const store = await openStore(storeFolder);
    expect((await readNote(store, { id: 'a' })).file).toBe('/notes/Ward/a.txt');
    const [hit] = await similarDocuments(store, { id: 'b', k: 1 });
    expect(hit?.id).not.toBe('b');
    await store.close();
  });

  it('writes nothing for a corpus without notes', async () => {
    await expect(index([{ id: 'blank', text: ' \n' }])).rejects.toThrow(/no notes in \/notes/);
    await expect(readdir(storeFolder)).rejects.toThrow(/ENOENT/);
    await expect(openStore(storeFolder)).rejects.toThrow(/index the notes first/);
    expect((await storeStatus(storeFolder)).exists).toBe(false);
  });

  it('empties an index whose notes were all deleted', async () => {
    await index(notes);
    expect(await index([])).toMatchObject({ documents: 0, passages: 0 });
    expect(await storeStatus(storeFolder)).toMatchObject({ exists: true, documents: 0 });
  });

  /** The lock of a writer elsewhere, renewed `age` milliseconds ago. */
  const lockElsewhere = async (age: number): Promise<void> => {
    const lock = join(storeFolder, 'lock');
    await mkdir(lock, { recursive: true });
    const file = join(lock, 'another-token');
    await writeFile(file, JSON.stringify({ pid: 1, host: 'HOST', pidNamespace: null }));
    const seconds = (Date.now() - age) / 1000;
    await utimes(file, seconds, seconds);
  };

  it('lets one process write at a time, and no dead one block the others', async () => {
    await index(notes);
    await lockElsewhere(1000);
    await expect(index(notes)).rejects.toThrow(/being written by process 1 on HOST: wait/);
    await lockElsewhere(11_000);
    expect((await index(notes)).documents).toBe(3);
    // As an earlier version wrote it, in a container that is gone.
    const old = join(storeFolder, 'lock');
    await writeFile(old, '1 HOST');
    await utimes(old, 1, 1);
    expect((await index(notes)).documents).toBe(3);
    expect(await readdir(storeFolder)).not.toContain('lock');
  });

  it('beats while it embeds for long', async () => {
    let renewed: boolean | null = null;
    const slow = fakeEmbedder();
    const embedder: Embedder = {
      ...slow,
      async embedPassages(texts, options) {
        const [token] = await readdir(join(storeFolder, 'lock'));
        const file = join(storeFolder, 'lock', token ?? '');
        const { mtimeMs } = await stat(file);
        await expect
          .poll(async () => (await stat(file)).mtimeMs, { timeout: 10_000 })
          .toBeGreaterThan(mtimeMs);
        renewed = true;
        return slow.embedPassages(texts, options);
      },
    };
    await index(notes, embedder);
    expect(renewed).toBe(true);
  });

  it('writes nothing more once another process has taken over, and leaves that one alone', async () => {
    await index(notes);
    const more = [...notes, { id: 'late', text: fakeText(9, 10) }];
    // It was suspended for so long that its lock died and went to another one.
    const embedder = fakeEmbedder({
      onEmbed: () => {
        renameSync(join(storeFolder, 'lock'), join(storeFolder, 'lost'));
        mkdirSync(join(storeFolder, 'lock'));
        writeFileSync(join(storeFolder, 'lock', 'another-token'), '{}');
      },
    });
    await expect(index(more, embedder)).rejects.toThrow(/Another process took over the index/);
    expect((await storeStatus(storeFolder)).documents).toBe(3);
    expect(await readdir(join(storeFolder, 'lock'))).toEqual(['another-token']);
    await rm(join(storeFolder, 'lost'), { recursive: true });
    await rm(join(storeFolder, 'lock'), { recursive: true });
    expect((await index(more)).documents).toBe(4);
  });

  it('says that a manifest is broken', async () => {
    await index(notes);
    await writeFile(join(storeFolder, 'manifest.json'), '{"format": 2}');
    await expect(openStore(storeFolder)).rejects.toThrow(/broken or of another version/);
  });

  const inData = async (): Promise<string[]> =>
    (await readdir(storeFolder, { recursive: true }))
      .filter((name) => name.startsWith('data-'))
      .map((name) => join(storeFolder, name));
  const similar = async (): Promise<unknown> => {
    const store = await openStore(storeFolder);
    return similarDocuments(store, { id: 'a', k: 1 }).finally(() => store.close());
  };

  it('says what to do about tables that are gone, and makes them anew', async () => {
    await index(notes);
    const [data] = await inData();
    await rm(data!, { recursive: true });
    await expect(similar()).rejects.toThrow(UserError);
    await expect(similar()).rejects.toThrow(/lacks a part .* delete this folder and index/);
    expect(await index(notes)).toMatchObject({ documents: 3, reused: 0 });
    expect(await similar()).toHaveLength(1);
  });

  it.each([
    ['rows', /\.lance$|\.json$/],
    ['versions', /\.manifest$|^head\.json$/],
  ])('says what to do about tables whose %s are damaged', async (_what, damaged) => {
    await index(notes);
    for (const path of await inData()) {
      const hit = damaged.test(basename(path)) && (await stat(path)).isFile();
      if (hit) await writeFile(path, 'no table of anybody');
    }
    const broken = /index .* is broken.* delete this folder and index the notes again/;
    await expect(similar()).rejects.toThrow(broken);
    await expect(index(notes)).rejects.toThrow(broken);
    await rm(storeFolder, { recursive: true });
    expect(await index(notes)).toMatchObject({ documents: 3 });
  });

  it('reports its progress with an end', async () => {
    const seen: IndexProgress[] = [];
    const onProgress = (progress: IndexProgress) => seen.push(progress);
    const corpus = fakeCorpus(notes);
    const embedder = fakeEmbedder();
    await indexCorpus({ corpus, embedder, storeFolder, flat, onProgress, now: Date.now });
    expect(seen).toContainEqual({ phase: 'Embedding notes', done: 3, total: 3, unit: 'notes' });
  });
});
