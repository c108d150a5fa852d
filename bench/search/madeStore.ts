/** An index of made notes, written as indexing writes one, but for the embedding. */
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import type { Embedder } from '../../src/core/embed/embedder.js';
import { defaultShares } from '../../src/core/index/fusion/shares.js';
import { openForWriting } from '../../src/core/index/storeWriter.js';
import type { NoteMaker } from './madeNotes.js';

const rowsAtOnce = 10_000;

/** @returns seconds that it took */
export async function makeStore(
  storeFolder: string,
  embedder: Embedder,
  notes: NoteMaker,
  count: number,
  corpusFolder: string,
): Promise<number> {
  const begun = performance.now();
  const corpus = await openCorpus({ source: corpusFolder, mapping: {} });
  // LanceDB's own index is not what is measured here, and takes long to build.
  const exactRows = Infinity;
  const writer = await openForWriting({ corpus, embedder, storeFolder, exactRows, now: Date.now });
  try {
    await writer.beforeChange();
    for (let from = 0; from < count; from += rowsAtOnce) {
      const { documents, passages } = notes.rows(from, Math.min(rowsAtOnce, count - from));
      await writer.tables.put(documents, passages);
    }
    await writer.finish(`made ${count}`, { ...defaultShares, documents: count });
  } finally {
    await writer.close();
  }
  return (performance.now() - begun) / 1000;
}
