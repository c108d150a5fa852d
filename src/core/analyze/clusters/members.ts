/** The typical and the odd notes of each cluster: nearest to its mean, and farthest from it. */
import { classSums } from '../space/classSums.js';
import type { Space } from '../space/space.js';

export interface ClusterMembers {
  readonly size: number;
  /** Most typical first; indices of notes. */
  readonly typical: readonly number[];
  /** Oddest first. */
  readonly odd: readonly number[];
}

/**
 * @param labels [notes], -1 for none
 * @param shown so many of each
 */
export function clusterMembers(
  space: Space,
  labels: Int32Array,
  clusters: number,
  shown: number,
): { readonly members: ClusterMembers[]; readonly typicality: Float64Array } {
  const typicality = centreCosines(space, labels, clusters);
  const byCluster = Array.from({ length: clusters }, (): number[] => []);
  labels.forEach((label, note) => {
    if (label >= 0) byCluster[label]!.push(note);
  });
  const members = byCluster.map((notes) => {
    const sorted = notes.sort((a, b) => typicality[b]! - typicality[a]! || a - b);
    return {
      size: notes.length,
      typical: sorted.slice(0, shown),
      odd: sorted.slice(Math.max(shown, sorted.length - shown)).reverse(),
    };
  });
  return { members, typicality };
}

/** Cosine of each note with the mean of its cluster [notes]; NaN without a cluster. */
function centreCosines(space: Space, labels: Int32Array, clusters: number): Float64Array {
  const { vectors, dimension, count } = space;
  const { sums } = classSums(space, labels, clusters, new Int32Array(count).fill(1));
  const lengths = new Float64Array(clusters);
  for (let i = 0; i < sums.length; i++) lengths[Math.floor(i / dimension)]! += sums[i]! ** 2;
  return Float64Array.from(labels, (label, note) => {
    if (label < 0) return NaN;
    let product = 0;
    for (let i = 0; i < dimension; i++) {
      product += vectors[note * dimension + i]! * sums[label * dimension + i]!;
    }
    return lengths[label]! > 0 ? product / Math.sqrt(lengths[label]!) : 0;
  });
}
