/**
 * Semantic similarity for ranking: the cosine of vectors from which the corpus's mean is taken. Vectors
 * of one corpus point much the same way; what they have in common says nothing of a note
 * (Mu and Viswanath, "All-but-the-top", 2018).
 */
import { throwIfAborted } from '../base/errors.js';
import { norm } from './cosine.js';
import { spreadOf } from './fusion/fuse.js';
import type { Spread } from './fusion/fuse.js';
import { rowsAtOnce } from './rows/scanRows.js';
import type { CompareRows } from './rows/scanRows.js';
import type { Snapshot } from './snapshot.js';
import type { SnapshotNote, SnapshotPassage } from './snapshotNote.js';

/** A query is compared with whole notes, or with the passages of each, of which the nearest counts. */
export type Unit = 'note' | 'passage';

/** Centred cosines in [-1, 1]; -Infinity for a note of which the model can read nothing. */
export interface SemanticScores {
  /** [notes]: exact or not, as `known` says. */
  readonly scores: Float64Array;
  /** Of the other notes' scores. */
  readonly spread: Spread;
  /** `about`: told by signs, within no bounds; `within`: no further than `error` from the exact one. */
  readonly known: 'exact' | 'within' | 'about';
  readonly error: number;
  exact(note: number): number;
  /** Within `error`. */
  within(note: number): number;
}

/** Notes by which the spread is told where not all are compared in bytes. */
const sampled = 20_000;

/** @param own the query's own note, which does not count in the spread */
export async function semanticScores(
  snapshot: Snapshot,
  vector: Float32Array,
  unit: Unit,
  own: number | null,
  signal?: AbortSignal,
): Promise<SemanticScores> {
  const { notes, scan, rows, mean, centredLengths } = snapshot;
  const cosine = centredCosines(vector, mean);
  const exactRow = (row: number): number => cosine(rows.at(row), 0, centredLengths[row]!);
  const exact = (note: number): number => nearestOf(snapshot, unit, note, exactRow);
  const isOther = (note: number): boolean => note !== own;
  if (scan === null) {
    const scores = new Float64Array(notes.length);
    for (let note = 0; note < scores.length; note++) scores[note] = exact(note);
    const spread = spreadOf(scores, isOther);
    return { scores, spread, known: 'exact', error: 0, exact, within: exact };
  }
  const comparison = scan.compare(centredDirection(vector, mean));
  const within = (note: number): number => nearestOf(snapshot, unit, note, comparison.byteRow);
  const level = scan.hasSigns ? 'signs' : 'bytes';
  const scores = await scanned(snapshot, unit, comparison[level], signal);
  const known = scan.hasSigns ? 'about' : 'within';
  const spread = scan.hasSigns
    ? sampledSpread(notes.length, within, isOther)
    : spreadOf(scores, isOther);
  return { scores, spread, known, error: scan.error, exact, within };
}

function nearestOf(
  { notes }: Snapshot,
  unit: Unit,
  note: number,
  cosineOf: (row: number) => number,
): number {
  const { passages } = notes[note]!;
  if (passages.length === 0) return -Infinity;
  if (unit === 'note' || passages.length === 1) return cosineOf(note);
  let best = -1;
  for (const { row } of passages) best = Math.max(best, cosineOf(row));
  return best;
}

/** In portions, between which a request may be cancelled. */
async function scanned(
  { notes, rows, unlike }: Snapshot,
  unit: Unit,
  compare: CompareRows,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const count = unit === 'note' ? notes.length : rows.count;
  const cosines = new Float64Array(count);
  for (let from = 0; from < count; from += rowsAtOnce) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
    const to = Math.min(count, from + rowsAtOnce);
    compare(from, to, cosines.subarray(from, to));
  }
  const scores = count === notes.length ? cosines : cosines.slice(0, notes.length);
  for (const note of unlike) {
    const { passages } = notes[note]!;
    if (passages.length === 0) scores[note] = -Infinity;
    else if (unit === 'passage') {
      let best = -1;
      for (const { row } of passages) best = Math.max(best, cosines[row]!);
      scores[note] = best;
    }
  }
  return scores;
}

function sampledSpread(
  notes: number,
  within: (note: number) => number,
  isOther: (note: number) => boolean,
): Spread {
  const step = Math.max(1, notes / sampled);
  const scores = new Float64Array(Math.min(notes, sampled));
  const chosen = Array.from(scores, (_, i) => Math.floor(i * step));
  chosen.forEach((note, i) => (scores[i] = within(note)));
  return spreadOf(scores, (i) => isOther(chosen[i]!));
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
  { mean, rows, centredLengths }: Snapshot,
  vector: Float32Array,
  { passages }: SnapshotNote,
): SnapshotPassage | null {
  const cosine = centredCosines(vector, mean);
  let best: { readonly passage: SnapshotPassage; readonly score: number } | null = null;
  for (const passage of passages) {
    const { row } = passage;
    const score = passages.length === 1 ? 0 : cosine(rows.at(row), 0, centredLengths[row]!);
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
