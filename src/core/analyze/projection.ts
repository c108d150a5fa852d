/** Projects document vectors onto the plane: UMAP in WebAssembly, deterministic for a seed. */
import { createUMAP } from 'embedding-atlas/umap';
import { throwIfAborted } from '../base/errors.js';
import type { NeighbourLists } from './graph/neighbourLists.js';

export interface ProjectionOptions {
  /** Number of vectors. */
  readonly n: number;
  readonly dimension: number;
  readonly seed: number;
  readonly neighbours?: number;
  readonly minDist?: number;
  readonly metric?: 'cosine' | 'euclidean';
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Projection {
  /** [n] each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface ProjectedNotes extends Projection {
  /** What UMAP placed the notes by: for more than a few thousand, nearly all of the nearest. */
  readonly lists: NeighbourLists;
}

/** As in umap-learn: small sets get more epochs. */
const epochsOf = (n: number): number => (n <= 10_000 ? 500 : 200);
const peakLearningRate = 1;

/** @param vectors [n, dimension]; up to 16 vectors are all neighbours of each other */
export async function projectUmap(
  vectors: Float32Array,
  options: ProjectionOptions,
): Promise<ProjectedNotes> {
  const { n, dimension, seed, signal, onProgress } = options;
  const { neighbours = 15, minDist = 0.1, metric = 'cosine' } = options;
  if (vectors.length !== n * dimension) throw new RangeError('vectors must be [n, dimension]');
  throwIfAborted(signal);
  // A single vector has no neighbours to be placed by.
  if (n < 2) return { x: new Float32Array(n), y: new Float32Array(n), lists: emptyLists(n) };
  const umap = await createUMAP(n, dimension, 2, vectors, {
    metric,
    nNeighbors: Math.min(neighbours, n - 1),
    minDist,
    seed: seed >>> 0,
  });
  try {
    const epochs = epochsOf(n);
    // UMAP's own `run` blocks until done; slices let messages and Cancel through.
    const slice = Math.max(1, Math.min(10, Math.floor(20_000 / n)));
    for (let epoch = 0; epoch < epochs; epoch += slice) {
      umap.setParameters({ learningRate: peakLearningRate * (1 - epoch / epochs) });
      await umap.step(Math.min(slice, epochs - epoch));
      await new Promise((resolve) => setImmediate(resolve));
      throwIfAborted(signal);
      onProgress?.(Math.min(epoch + slice, epochs), epochs);
    }
    const lists = listsOf(umap.knnIndices, umap.knnDistances, n, metric);
    return { ...toColumns(umap.embedding, n), lists };
  } finally {
    umap.destroy();
  }
}

/** Splits [n, 2] into two columns and centres them, to remove UMAP's arbitrary offset. */
function toColumns(embedding: Float32Array, n: number): Projection {
  const column = (offset: number): Float32Array => {
    const values = Float32Array.from({ length: n }, (_, i) => embedding[2 * i + offset]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    return values.map((value) => value - mean);
  };
  return { x: column(0), y: column(1) };
}

function emptyLists(count: number): NeighbourLists {
  return { count, k: 0, notes: new Int32Array(0), cosines: new Float64Array(0) };
}

/**
 * Without the note itself, which UMAP counts among its neighbours, wherever it stands among equals.
 *
 * @param indices [count, columns]
 * @param distances [count, columns]: of cosine 1 - cosine, of unit vectors the Euclidean one
 */
function listsOf(
  indices: Int32Array,
  distances: Float32Array,
  count: number,
  metric: 'cosine' | 'euclidean',
): NeighbourLists {
  const columns = indices.length / count;
  const k = columns - 1;
  const notes = new Int32Array(count * k);
  const cosines = new Float64Array(count * k);
  const cosineOf = (distance: number): number =>
    metric === 'cosine' ? 1 - distance : 1 - distance ** 2 / 2;
  for (let note = 0; note < count; note++) {
    let at = note * k;
    for (let i = note * columns; at < (note + 1) * k; i++) {
      if (indices[i] === note) continue;
      notes[at] = indices[i]!;
      cosines[at] = cosineOf(distances[i]!);
      at++;
    }
  }
  return { count, k, notes, cosines };
}
