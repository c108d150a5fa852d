/** A full and a read-only disk, real ones: small file systems in memory, where mounting is allowed. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import { similarDocuments } from '../../../src/core/index/search.js';
import { openStore, storeStatus } from '../../../src/core/index/store.js';
import { skipOrFail } from '../../host/skip.js';
import {
  mountSmallDisk,
  noSmallDisk,
  remountSmallDisk,
  unmountSmallDisk,
} from '../../host/smallDisk.js';
import { fakeCorpus, fakeEmbedder, fakeText } from './fakes.js';

const texts = Array.from({ length: 20 }, (_, i) => fakeText(i, 200));
let disk = '';
let mounted = false;

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'notespace-disk-'));
  mounted = mountSmallDisk(disk, '1m');
});
afterAll(async () => {
  if (mounted) unmountSmallDisk(disk);
  await rm(disk, { recursive: true, force: true });
});

describe.each([{ flat: false }, { flat: true }])('a store, flat: $flat', ({ flat }) => {
  const index = (count: number, name: string) => {
    const notes = Array.from({ length: count }, (_, i) => ({
      id: `n${i}`,
      text: `${i} ${texts[i % 20]!}`,
    }));
    const storeFolder = join(disk, name);
    const corpus = fakeCorpus(notes);
    const embedder = fakeEmbedder();
    return indexCorpus({ corpus, embedder, storeFolder, flat, now: Date.now });
  };

  it('says that the disk is full, and still answers', async (context) => {
    if (!mounted) skipOrFail(context, noSmallDisk);
    await index(50, 'full');
    const growing = index(1000, 'full');
    await expect(growing).rejects.toThrow(UserError);
    await expect(growing).rejects.toThrow(/The disk is full: free some space/);
    expect((await storeStatus(join(disk, 'full'))).documents).toBeGreaterThanOrEqual(50);
    const store = await openStore(join(disk, 'full'));
    expect((await similarDocuments(store, { id: 'n3', k: 2 })).length).toBe(2);
    await store.close();
    await rm(join(disk, 'full'), { recursive: true });
    await expect(index(1000, 'fresh')).rejects.toThrow(/The disk is full/);
    // Half an index is none.
    expect((await storeStatus(join(disk, 'fresh'))).exists).toBe(false);
    await rm(join(disk, 'fresh'), { recursive: true });
  });

  it('says that the disk is read-only, and reads from it', async (context) => {
    if (!mounted) skipOrFail(context, noSmallDisk);
    await index(20, 'store');
    remountSmallDisk(disk, 'ro');
    try {
      await expect(index(21, 'store')).rejects.toThrow(/read-only: choose a folder/);
      await expect(index(21, 'other')).rejects.toThrow(/read-only: choose a folder/);
      const store = await openStore(join(disk, 'store'));
      expect((await similarDocuments(store, { id: 'n3', k: 2 })).length).toBe(2);
      await store.close();
      expect(await readdir(disk)).toEqual(['store']);
    } finally {
      remountSmallDisk(disk, 'rw');
      await rm(join(disk, 'store'), { recursive: true });
    }
  });
});
