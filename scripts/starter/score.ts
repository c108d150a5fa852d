/** For each set: how often the nearest neighbour of a held-out note has the same category. */
import { nearestNeighbourCategoryAccuracy } from '../../src/core/analyze/neighbours.js';
import type { Document } from '../../src/core/corpus/document.js';
import { cutPassages } from '../../src/core/corpus/passages.js';
import { documentVector } from '../../src/core/embed/documentVector.js';
import { createEmbedder } from '../../src/core/embed/embedder.js';
import type { SplitSet } from './sources.js';

export interface SetScore {
  readonly name: string;
  readonly documents: number;
  readonly right: number;
}

export interface ScoreOptions {
  readonly modelFolder: string;
  readonly cacheFolder: string;
  readonly threads: number;
}

/** Skips sets with only one category. */
export async function scoreModel(
  options: ScoreOptions,
  sets: readonly SplitSet[],
): Promise<SetScore[]> {
  const embedder = await createEmbedder({ ...options, device: 'cpu' });
  const { dimension, tokenizer, maxTokens } = embedder;
  const embed = async (documents: readonly Document[]): Promise<Float32Array> => {
    const passages = documents.map(({ text }) =>
      cutPassages(text, {
        maxTokens: maxTokens - 2,
        countTokens: (part) => tokenizer.countTokens(part),
      }).map(({ start, end }) => text.slice(start, end)),
    );
    const { vectors, tokens } = await embedder.embedPassages(passages.flat());
    const rows = new Float32Array(documents.length * dimension);
    let at = 0;
    passages.forEach(({ length }, row) => {
      const own = vectors.subarray(at * dimension, (at + length) * dimension);
      rows.set(documentVector(own, tokens.subarray(at, at + length), dimension), row * dimension);
      at += length;
    });
    return rows;
  };
  const scores: SetScore[] = [];
  try {
    for (const { set, heldOut } of sets) {
      const categories = heldOut.map(({ category }) => category);
      if (new Set(categories).size < 2) continue;
      const { accuracy, documents } = nearestNeighbourCategoryAccuracy({
        vectors: await embed(heldOut),
        dimension,
        categories,
        groups: heldOut.map(({ group }) => group),
      });
      const right = Math.round((accuracy ?? 0) * documents);
      scores.push({ name: set.name, documents, right });
    }
  } finally {
    await embedder.release();
  }
  return scores;
}

export function overall(scores: readonly SetScore[]): SetScore {
  const sum = (pick: (score: SetScore) => number): number =>
    scores.reduce((total, score) => total + pick(score), 0);
  return {
    name: 'all',
    documents: sum(({ documents }) => documents),
    right: sum(({ right }) => right),
  };
}
