/**
 * Clusters by density, with notes that belong to none (HDBSCAN: Campello, Moulavi and Sander, "Density-based
 * clustering based on hierarchical density estimates", 2013), over the edges of the nearest neighbours: with the lists
 * of all other notes it is exactly HDBSCAN; with shorter ones, clusters that no list joins stay apart.
 */
import type { NeighbourLists } from '../graph/neighbourLists.js';
import { bySize } from './bySize.js';
import { selectClusters } from './condensedTree.js';
import type { Merge } from './condensedTree.js';

export interface DensityOptions {
  /** Fewer notes are no cluster. */
  readonly minClusterSize: number;
  /** Notes, itself among them, within a note's core distance; at most one more than the lists hold. */
  readonly minSamples: number;
}

const usualMinSamples = 5;

/** A hundredth of the notes, at least five. */
export function usualDensity({ count, k }: NeighbourLists): DensityOptions {
  return {
    minClusterSize: Math.max(usualMinSamples, Math.round(count / 100)),
    minSamples: Math.min(usualMinSamples, k + 1),
  };
}

/** @returns the cluster of each note, largest first; -1 for noise */
export function densityClusters(
  lists: NeighbourLists,
  { minClusterSize, minSamples }: DensityOptions,
): Int32Array {
  const { count, k } = lists;
  if (count < 2 || k === 0) return new Int32Array(count).fill(-1);
  if (minSamples < 1 || minSamples > k + 1) {
    throw new RangeError(`minSamples must be in [1, ${k + 1}], not ${minSamples}`);
  }
  const merges = mergesOf(lists, minSamples);
  return bySize(selectClusters(merges, count, minClusterSize));
}

/** Single linkage by mutual reachability, from the lists' edges; what no edge joins is infinitely far. */
function mergesOf({ count, k, notes, cosines }: NeighbourLists, minSamples: number): Merge[] {
  const distanceAt = (at: number): number => Math.sqrt(Math.max(0, 2 - 2 * cosines[at]!));
  const core = Float64Array.from({ length: count }, (_, note) =>
    minSamples === 1 ? 0 : distanceAt(note * k + minSamples - 2),
  );
  const edges = new Float64Array(count * k);
  for (let at = 0; at < edges.length; at++) {
    const [a, b] = [Math.floor(at / k), notes[at]!];
    edges[at] = Math.max(distanceAt(at), core[a]!, core[b]!);
  }
  const order = Int32Array.from(edges.keys()).sort((a, b) => edges[a]! - edges[b]! || a - b);
  const parent = Int32Array.from({ length: 2 * count - 1 }, (_, i) => i);
  const sizes = new Int32Array(2 * count - 1).fill(1, 0, count);
  const find = (start: number): number => {
    let node = start;
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]!]!;
      node = parent[node]!;
    }
    return node;
  };
  const merges: Merge[] = [];
  const join = (a: number, b: number, distance: number): void => {
    const next = count + merges.length;
    parent[a] = parent[b] = next;
    sizes[next] = sizes[a]! + sizes[b]!;
    merges.push({ left: a, right: b, distance, size: sizes[next] });
  };
  for (const at of order) {
    const [a, b] = [find(Math.floor(at / k)), find(notes[at]!)];
    if (a !== b) join(a, b, edges[at]!);
  }
  for (let note = 1; note < count; note++) {
    const [a, b] = [find(0), find(note)];
    if (a !== b) join(a, b, Infinity);
  }
  return merges;
}
