/** A note of very many passages is indexed in parts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import type { IndexCounts, IndexProgress } from '../../../src/core/index/indexCorpus.js';
import { fakeCorpus, fakeEmbedder, fakeText } from './fakes.js';

const long = { id: 'book', text: fakeText(9, 900) };

describe.each([{ flat: false }, { flat: true }])('indexCorpus, flat: $flat', ({ flat }) => {
  let storeFolder: string;
  beforeEach(async () => {
    storeFolder = join(await mkdtemp(join(tmpdir(), 'notespace-index-')), 'store');
  });
  afterEach(() => rm(join(storeFolder, '..'), { recursive: true, force: true }));

  const index = (): Promise<IndexCounts> => {
    const corpus = fakeCorpus([long]);
    return indexCorpus({ corpus, embedder: fakeEmbedder(), storeFolder, flat, now: Date.now });
  };

  it('goes on within a long note where it was stopped', async () => {
    const whole = await index();
    await rm(storeFolder, { recursive: true });

    const controller = new AbortController();
    const seen: IndexProgress[] = [];
    let parts = 0;
    const onEmbed = () => {
      if (++parts === 3) controller.abort();
    };
    const stopped = fakeEmbedder({ onEmbed });
    const stop = indexCorpus({
      ...{ corpus: fakeCorpus([long]), embedder: stopped, storeFolder, flat, now: Date.now },
      partCharacters: 1000,
      ...{ signal: controller.signal, onProgress: (progress) => seen.push(progress) },
    });
    await expect(stop).rejects.toThrow(Cancelled);
    const within = seen.filter(({ phase }) => phase === 'Embedding a long note');
    expect(within).toHaveLength(3);
    expect(within.map(({ done }) => done)).toEqual(
      within.map(({ done }) => done).toSorted((a, b) => a - b),
    );
    expect(within.every(({ total }) => total === whole.passages)).toBe(true);

    const again = await index();
    expect(again.passages).toBe(whole.passages);
    // It was stopped in the fourth part.
    expect(again.reused).toBe(within[2]?.done);
    expect(again.embedded).toBe(whole.passages - again.reused);
    expect((await index()).embedded).toBe(0);
  });
});
