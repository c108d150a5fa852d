/**
 * Communities of a graph by their modularity (Blondel, Guillaume, Lambiotte and Lefebvre, "Fast unfolding of
 * communities in large networks", 2008): nodes move to the neighbouring community that gains most, then communities
 * become the nodes of a smaller graph.
 */
import { createRandom } from '../../base/random.js';
import type { Random } from '../../base/random.js';
import { bySize } from '../clusters/bySize.js';
import type { Graph } from './knnGraph.js';

/** A graph with weights, and with loops, whose weight counts twice in a node's degree. */
interface WeightedGraph {
  readonly count: number;
  readonly starts: Int32Array;
  readonly neighbours: Int32Array;
  readonly weights: Float64Array;
  readonly loops: Float64Array;
}

/** Gains of modularity below this are rounding. */
const leastGain = 1e-9;

/** @returns the community of each node, largest first; a node without edges is one of its own */
export function louvain(graph: Graph, seed: number): Int32Array {
  const random = createRandom(seed, 'louvain');
  let level: WeightedGraph = {
    ...graph,
    weights: new Float64Array(graph.neighbours.length).fill(1),
    loops: new Float64Array(graph.count),
  };
  let communities = Int32Array.from({ length: graph.count }, (_, node) => node);
  for (;;) {
    const [moved, found] = moveNodes(level, random);
    if (!moved) break;
    const [count, numbered] = renumbered(found);
    communities = communities.map((node) => numbered[node]!);
    if (count === level.count) break;
    level = contracted(level, numbered, count);
  }
  return bySize(communities);
}

function moveNodes(graph: WeightedGraph, random: Random): readonly [boolean, Int32Array] {
  const { count, starts, neighbours, weights, loops } = graph;
  const community = Int32Array.from({ length: count }, (_, node) => node);
  const degrees = loops.map((loop, node) => {
    let sum = 2 * loop;
    for (let at = starts[node]!; at < starts[node + 1]!; at++) sum += weights[at]!;
    return sum;
  });
  const twice = degrees.reduce((sum, degree) => sum + degree, 0);
  if (twice === 0) return [false, community];
  const totals = degrees.slice();
  const order = random.shuffle([...community]);
  const towards = new Float64Array(count);
  const touched: number[] = [];
  let [everMoved, moving] = [false, true];
  while (moving) {
    moving = false;
    for (const node of order) {
      const own = community[node]!;
      const degree = degrees[node]!;
      for (let at = starts[node]!; at < starts[node + 1]!; at++) {
        const other = community[neighbours[at]!]!;
        if (towards[other] === 0) touched.push(other);
        towards[other]! += weights[at]!;
      }
      totals[own]! -= degree;
      let best = own;
      let most = towards[own]! - (degree * totals[own]!) / twice;
      for (const other of touched) {
        const gain = towards[other]! - (degree * totals[other]!) / twice;
        if (gain > most + leastGain) [best, most] = [other, gain];
      }
      totals[best]! += degree;
      if (best !== own) {
        community[node] = best;
        moving = everMoved = true;
      }
      for (const other of touched) towards[other] = 0;
      touched.length = 0;
    }
  }
  return [everMoved, community];
}

function renumbered(labels: Int32Array): readonly [number, Int32Array] {
  const numbers = new Map<number, number>();
  const found = labels.map((label) => {
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return number;
  });
  return [numbers.size, found];
}

function contracted(graph: WeightedGraph, community: Int32Array, count: number): WeightedGraph {
  const { starts, neighbours, weights } = graph;
  const loops = new Float64Array(count);
  const edges = Array.from({ length: count }, () => new Map<number, number>());
  for (let node = 0; node < graph.count; node++) {
    const own = community[node]!;
    loops[own]! += graph.loops[node]!;
    for (let at = starts[node]!; at < starts[node + 1]!; at++) {
      const other = community[neighbours[at]!]!;
      // Each edge within is met from both its ends.
      if (other === own) loops[own]! += weights[at]! / 2;
      else edges[own]!.set(other, (edges[own]!.get(other) ?? 0) + weights[at]!);
    }
  }
  const nextStarts = new Int32Array(count + 1);
  edges.forEach((of, node) => (nextStarts[node + 1] = nextStarts[node]! + of.size));
  return {
    count,
    starts: nextStarts,
    neighbours: Int32Array.from(edges.flatMap((of) => [...of.keys()])),
    weights: Float64Array.from(edges.flatMap((of) => [...of.values()])),
    loops,
  };
}
