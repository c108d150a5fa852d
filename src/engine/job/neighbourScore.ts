/** Scores models by the nearest neighbours of held-out notes, to choose between merges with a base. */
import { rm } from 'node:fs/promises';
import { createRandom } from '../../core/base/random.js';
import { halvesOf, ownHalfAccuracy } from '../../core/analyze/halves.js';
import { nearestNeighbourCategoryAccuracy } from '../../core/analyze/neighbours.js';
import type { Document } from '../../core/corpus/document.js';
import { embedDocuments } from '../../core/embed/embedDocuments.js';
import { createEmbedder } from '../../core/embed/embedder.js';
import type { Embedder } from '../../core/embed/embedder.js';
import type { NeighbourKind } from '../../protocol/pretraining.js';
import type { JobContext } from './context.js';

/** More would take longer than the steps that they are to judge. */
const mostNotes = 500;

export interface NeighbourScore {
  readonly of: NeighbourKind;
  /** Share of notes with the right nearest neighbour, for the model in a folder. */
  score(modelFolder: string): Promise<number>;
}

/**
 * Notes of at least two categories are right if their nearest neighbour is of theirs and not of the
 * same group. Others are cut in half: the nearest second half should be a note's own.
 */
export function neighbourScore(
  documents: readonly Document[],
  seed: number,
  context: JobContext,
): NeighbourScore {
  const notes = createRandom(seed, 'neighbours')
    .shuffle([...documents])
    .slice(0, mostNotes);
  const categories = notes.map(({ category }) => category);
  const known = new Set(categories.filter((category) => category !== null));
  const of = known.size > 1 ? 'category' : 'halves';
  const score = of === 'category' ? byCategory : byHalves;
  return {
    of,
    async score(modelFolder) {
      const { cacheFolder, threads } = context;
      // The CPU gives the same figures again, should the run be resumed.
      const embedder = await createEmbedder({ modelFolder, cacheFolder, device: 'cpu', threads });
      try {
        return (await score(notes, embedder, context)) ?? 0;
      } finally {
        await embedder.release();
      }
    },
  };
}

async function byCategory(
  notes: readonly Document[],
  embedder: Embedder,
  context: JobContext,
): Promise<number | null> {
  const texts = notes.map(({ text }) => text);
  const { accuracy } = nearestNeighbourCategoryAccuracy({
    vectors: await embedTexts(texts, embedder, context),
    dimension: embedder.dimension,
    categories: notes.map(({ category }) => category),
    groups: notes.map(({ group }) => group),
  });
  return accuracy;
}

async function byHalves(
  notes: readonly Document[],
  embedder: Embedder,
  context: JobContext,
): Promise<number | null> {
  const halves = notes.flatMap(({ text }) => {
    const cut = halvesOf(text);
    return cut === null ? [] : [cut];
  });
  const [firsts, seconds] = [halves.map(([first]) => first), halves.map(([, second]) => second)];
  const vectors = await embedTexts([...firsts, ...seconds], embedder, context);
  const middle = vectors.length / 2;
  return ownHalfAccuracy(vectors.subarray(0, middle), vectors.subarray(middle), embedder.dimension);
}

function embedTexts(
  texts: readonly string[],
  embedder: Embedder,
  { signal, pauseGate, onProgress }: JobContext,
): Promise<Float32Array> {
  return embedDocuments(embedder, texts, {
    signal,
    pauseGate,
    onProgress: (done, total) =>
      onProgress({ phase: 'Comparing neighbours', done, total, unit: 'texts' }),
  });
}

/** Lends a folder for a model that is written only to be scored. */
export async function withFolder<T>(folder: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
