/**
 * Semantic similarity for ranking: the cosine of vectors from which the corpus's mean is taken. Vectors
 * of one corpus point much the same way; what they have in common says nothing of a note
 * (Mu and Viswanath, "All-but-the-top", 2018).
 */
import { norm } from './cosine.js';
import type { Snapshot, SnapshotNote, SnapshotPassage } from './snapshot.js';

/** A query is compared with whole notes, or with the passages of each, of which the nearest counts. */
export type Unit = 'note' | 'passage';

/** [notes]: centred cosines in [-1, 1]; -Infinity for a note of which the model can read nothing. */
export function semanticScores(snapshot: Snapshot, vector: Float32Array, unit: Unit): Float64Array {
  const { notes, mean, centredLengths, vectors, dimension } = snapshot;
  const cosine = centredCosines(vector, mean);
  const scores = new Float64Array(notes.length);
  for (let i = 0; i < scores.length; i++) {
    const { passages } = notes[i]!;
    if (passages.length === 0) scores[i] = -Infinity;
    // A note's only passage has the note's direction.
    else if (unit === 'note' || passages.length === 1) {
      scores[i] = cosine(vectors, i * dimension, centredLengths[i]!);
    } else {
      let best = -1;
      for (const one of passages) best = Math.max(best, cosine(one.vector, 0, one.centredLength));
      scores[i] = best;
    }
  }
  return scores;
}

/**
 * Compares a vector of any length with normalised ones, all of them less the mean: the cosine with the one at an
 * offset, whose length less the mean is known.
 */
export function centredCosines(
  vector: Float32Array,
  mean: Float32Array,
): (vectors: Float32Array, offset: number, centredLength: number) => number {
  const query = centredDirection(vector, mean);
  const ofMean = dotAt(query, mean, 0);
  return (vectors, offset, centredLength) => {
    if (centredLength === 0) return 0;
    const cosine = (dotAt(query, vectors, offset) - ofMean) / centredLength;
    return Math.max(-1, Math.min(1, cosine));
  };
}

/** Four sums at once, which do not wait for one another. */
function dotAt(query: Float32Array, vectors: Float32Array, offset: number): number {
  const whole = query.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0, k = offset; i < whole; i += 4, k += 4) {
    a += query[i]! * vectors[k]!;
    b += query[i + 1]! * vectors[k + 1]!;
    c += query[i + 2]! * vectors[k + 2]!;
    d += query[i + 3]! * vectors[k + 3]!;
  }
  for (let i = whole; i < query.length; i++) a += query[i]! * vectors[offset + i]!;
  return a + b + c + d;
}

/** The passage nearest to the query; `null` if there is none. */
export function nearestPassage(
  { mean }: Snapshot,
  vector: Float32Array,
  { passages }: SnapshotNote,
): SnapshotPassage | null {
  const cosine = centredCosines(vector, mean);
  let best: { readonly passage: SnapshotPassage; readonly score: number } | null = null;
  for (const passage of passages) {
    const score = passages.length === 1 ? 0 : cosine(passage.vector, 0, passage.centredLength);
    if (best === null || score > best.score) best = { passage, score };
  }
  return best?.passage ?? null;
}

/** The direction of a vector, less the mean, of length 1. */
function centredDirection(vector: Float32Array, mean: Float32Array): Float32Array {
  const length = norm(vector, 0, vector.length);
  const centred = vector.map((value, i) => (length === 0 ? 0 : value / length) - mean[i]!);
  const rest = norm(centred, 0, centred.length);
  return rest === 0 ? centred : centred.map((value) => value / rest);
}
