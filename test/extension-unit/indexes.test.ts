/** Indexes of several models side by side, as corpora.json keeps them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  readCorporaFile,
  takenNames,
  writeCorporaFile,
} from '../../src/extension/corpora/corporaFile.js';
import type { CorpusEntry } from '../../src/extension/corpora/corporaFile.js';
import { readIndexes, withActive, withIndex } from '../../src/extension/corpora/indexes.js';

const entry: CorpusEntry = { name: 'ward', source: 'ward', mapping: {}, model: 'bundled' };

async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'indexes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function build(store: string): Promise<void> {
  await mkdir(store, { recursive: true });
  await writeFile(join(store, 'manifest.json'), '{}');
}

it('The old index answers until the new one is built, and both stay', async () => {
  const folder = await home();
  await build(join(folder, 'index', 'ward'));
  const both = withIndex(entry, 'pretrain-1', true);
  const during = await readIndexes(both, folder);
  expect(during.active).toMatchObject({ model: 'bundled', title: 'Notespace MiniLM' });
  const added = during.all[1];
  expect(added).toMatchObject({ model: 'pretrain-1', title: 'pretrain-1', isReady: false });
  expect(basename(added?.store ?? '')).toMatch(/^ward@[\da-f]{8}$/);
  await build(added?.store ?? '');
  expect((await readIndexes(both, folder)).active.model).toBe('pretrain-1');
  // Switched back, it stays back, and nothing is indexed again.
  const back = withActive(both, 'bundled');
  expect((await readIndexes(back, folder)).active.store).toBe(join(folder, 'index', 'ward'));
  expect((await readIndexes(back, folder)).all.every(({ isReady }) => isReady)).toBe(true);
  // Indexing with a model that has an index updates that one.
  expect(withIndex(both, 'pretrain-1', true).indexes).toEqual(both.indexes);
});

it('A corpus without an index takes the model at once', async () => {
  const first = withIndex(entry, '/models/small', false);
  const { active, all } = await readIndexes(first, await home());
  expect(all).toHaveLength(1);
  expect(active).toMatchObject({ model: '/models/small', title: 'small' });
  expect(basename(active.store)).toBe('ward');
});

it('The list is kept, and a folder that two indexes share, or that lies elsewhere, is refused', async () => {
  const folder = await home();
  const both = withIndex(entry, 'pretrain-1', true);
  const file = { format: 1, active: 'ward', corpora: [both] } as const;
  await writeCorporaFile(folder, { ...file, corpora: [...file.corpora] });
  expect((await readCorporaFile(folder)).corpora).toEqual([both]);
  expect(takenNames(await readCorporaFile(folder))).toContain('ward');
  for (const index of ['../elsewhere', 'ward/..', 'ward@nothex12', '@12345678']) {
    const broken = { ...both, indexes: [{ model: 'bundled', folder: index }] };
    await writeCorporaFile(folder, { ...file, corpora: [broken] });
    await expect(readCorporaFile(folder), index).rejects.toThrow('folder');
  }
  const other = { ...entry, name: 'other', folder: 'ward' };
  await writeCorporaFile(folder, { ...file, corpora: [both, other] });
  await expect(readCorporaFile(folder)).rejects.toThrow('same folder');
});
