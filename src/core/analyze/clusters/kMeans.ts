/**
 * k-means by Lloyd's algorithm ("Least squares quantization in PCM", 1982), from centres chosen by k-means++ (Arthur
 * and Vassilvitskii, 2007), the best of several starts.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import { createRandom } from '../../base/random.js';
import type { Random } from '../../base/random.js';
import type { Space } from '../space/space.js';

export interface KMeans {
  /** [notes] */
  readonly labels: Int32Array;
  /** [clusters, dimension] */
  readonly centres: Float64Array;
  /** Sum of the squared distances of notes to their centres. */
  readonly inertia: number;
  readonly iterations: number;
}

export interface KMeansOptions {
  readonly clusters: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

type Points = Pick<Space, 'vectors' | 'dimension' | 'count'>;

export const starts = 10;
/** Starts are tried on a sample of so many notes; the best is then carried to its end on all. */
export const mostTried = 10_000;
const mostIterations = 300;
/** Of the mean variance of a coordinate, as in scikit-learn: a smaller move of the centres ends a run. */
const tolerance = 1e-4;

export async function kMeans(
  points: Points,
  { clusters, seed, signal }: KMeansOptions,
): Promise<KMeans> {
  if (clusters < 1 || clusters > points.count) {
    throw new RangeError(`${clusters} clusters cannot be made of ${points.count} notes`);
  }
  const random = createRandom(seed, 'k-means');
  const sample = points.count > mostTried ? sampleOf(points, random.fork('sample')) : points;
  let best: KMeans | null = null;
  for (let start = 0; start < starts; start++) {
    const centres = plusPlus(sample, clusters, random.fork('start', start));
    const found = await kMeansFrom(sample, centres, { signal });
    if (best === null || found.inertia < best.inertia - 1e-12) best = found;
  }
  if (best === null) throw new Error('no start was tried');
  return sample === points ? best : kMeansFrom(points, best.centres, { signal });
}

/**
 * @param centres [clusters, dimension]; a cluster that loses its notes takes the note that is farthest from its centre
 * @param options.tolerance as scikit-learn's `tol`
 */
export async function kMeansFrom(
  points: Points,
  centres: Float64Array,
  options: { readonly tolerance?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<KMeans> {
  const { signal } = options;
  const least = (options.tolerance ?? tolerance) * meanVariance(points);
  const labels = new Int32Array(points.count).fill(-1);
  let current: Float64Array = Float64Array.from(centres);
  for (let iterations = 1; ; iterations++) {
    throwIfAborted(signal);
    await setImmediate();
    const { changed, distances, inertia } = assign(points, current, labels);
    if (!changed) return { labels, centres: current, inertia, iterations };
    const next = means(points, labels, current.length / points.dimension, distances);
    let shift = 0;
    for (let i = 0; i < next.length; i++) shift += (next[i]! - current[i]!) ** 2;
    current = next;
    if (shift > least && iterations < mostIterations) continue;
    const { inertia: last } = assign(points, current, labels);
    return { labels, centres: current, inertia: last, iterations };
  }
}

function assign(
  { vectors, dimension, count }: Points,
  centres: Float64Array,
  labels: Int32Array,
): { readonly changed: boolean; readonly distances: Float64Array; readonly inertia: number } {
  const clusters = centres.length / dimension;
  const halves = new Float64Array(clusters);
  for (let i = 0; i < centres.length; i++) {
    halves[Math.floor(i / dimension)]! += (centres[i]! * centres[i]!) / 2;
  }
  const distances = new Float64Array(count);
  let changed = false;
  let inertia = 0;
  for (let note = 0; note < count; note++) {
    const from = note * dimension;
    // Half the squared distance, without the note's own part, which is the same for all centres.
    let [best, least] = [0, Infinity];
    for (let k = 0; k < clusters; k++) {
      const base = k * dimension;
      let product = 0;
      for (let i = 0; i < dimension; i++) product += vectors[from + i]! * centres[base + i]!;
      const half = halves[k]! - product;
      if (half < least) [best, least] = [k, half];
    }
    if (labels[note] !== best) changed = true;
    labels[note] = best;
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      square += (vectors[from + i]! - centres[best * dimension + i]!) ** 2;
    }
    distances[note] = square;
    inertia += square;
  }
  return { changed, distances, inertia };
}

function means(
  { vectors, dimension, count }: Points,
  labels: Int32Array,
  clusters: number,
  distances: Float64Array,
): Float64Array {
  const sizes = new Float64Array(clusters);
  for (const label of labels) sizes[label]!++;
  const empty = [...sizes.keys()].filter((k) => sizes[k] === 0);
  if (empty.length > 0) {
    const farthest = [...distances.keys()].sort((a, b) => distances[b]! - distances[a]!);
    let next = 0;
    for (const k of empty) {
      while (sizes[labels[farthest[next]!]!]! < 2 && next < count - 1) next++;
      const note = farthest[next++]!;
      sizes[labels[note]!]!--;
      labels[note] = k;
      sizes[k] = 1;
    }
  }
  const centres = new Float64Array(clusters * dimension);
  for (let note = 0; note < count; note++) {
    const label = labels[note]!;
    for (let i = 0; i < dimension; i++) {
      centres[label * dimension + i]! += vectors[note * dimension + i]! / sizes[label]!;
    }
  }
  return centres;
}

function plusPlus(
  { vectors, dimension, count }: Points,
  clusters: number,
  random: Random,
): Float64Array {
  const centres = new Float64Array(clusters * dimension);
  const nearest = new Float64Array(count).fill(Infinity);
  let chosen = random.integer(count);
  for (let k = 0; ; k++) {
    const centre = vectors.subarray(chosen * dimension, (chosen + 1) * dimension);
    centres.set(centre, k * dimension);
    if (k + 1 === clusters) return centres;
    let total = 0;
    for (let note = 0; note < count; note++) {
      let square = 0;
      for (let i = 0; i < dimension; i++) {
        square += (vectors[note * dimension + i]! - centre[i]!) ** 2;
      }
      if (square < nearest[note]!) nearest[note] = square;
      total += nearest[note]!;
    }
    let left = random.next() * total;
    chosen = count - 1;
    for (let note = 0; note < count; note++) {
      left -= nearest[note]!;
      if (left < 0) {
        chosen = note;
        break;
      }
    }
  }
}

function sampleOf({ vectors, dimension, count }: Points, random: Random): Points {
  const places = random.shuffle(Array.from({ length: count }, (_, i) => i)).slice(0, mostTried);
  const chosen = new Float64Array(mostTried * dimension);
  places.forEach((note, row) => {
    chosen.set(vectors.subarray(note * dimension, (note + 1) * dimension), row * dimension);
  });
  return { vectors: chosen, dimension, count: mostTried };
}

function meanVariance({ vectors, dimension, count }: Points): number {
  const [sums, squares] = [new Float64Array(dimension), new Float64Array(dimension)];
  for (let i = 0; i < vectors.length; i++) {
    sums[i % dimension]! += vectors[i]!;
    squares[i % dimension]! += vectors[i]! * vectors[i]!;
  }
  const variances = squares.map((square, i) => square / count - (sums[i]! / count) ** 2);
  return variances.reduce((sum, value) => sum + Math.max(0, value), 0) / dimension;
}
