/** The graph of nearest neighbours: an edge where one note is among the nearest of another, or each of the other. */
import type { EdgeRule } from '../../../protocol/catalogue/analysis.js';
import type { NeighbourLists } from './neighbourLists.js';

/** An undirected graph without weights, loops or parallel edges. */
export interface Graph {
  readonly count: number;
  /** [count + 1]: where each node's neighbours start. */
  readonly starts: Int32Array;
  /** [2 * edges], ascending within a node. */
  readonly neighbours: Int32Array;
}

/** @param threshold least cosine of an edge */
export function knnGraph(
  { count, k, notes, cosines }: NeighbourLists,
  { rule, threshold }: { readonly rule: EdgeRule; readonly threshold: number },
): Graph {
  const lists = Array.from({ length: count }, () => new Set<number>());
  for (let note = 0; note < count; note++) {
    for (let at = note * k; at < (note + 1) * k; at++) {
      const other = notes[at]!;
      if (cosines[at]! < threshold) continue;
      if (rule === 'mutual' && !listed(notes, other * k, k, note)) continue;
      lists[note]!.add(other);
      lists[other]!.add(note);
    }
  }
  return graphOfSets(lists);
}

function listed(notes: Int32Array, from: number, k: number, note: number): boolean {
  for (let at = from; at < from + k; at++) if (notes[at] === note) return true;
  return false;
}

/** From a list of edges, each given once. */
export function graphOf(count: number, edges: readonly (readonly [number, number])[]): Graph {
  const lists = Array.from({ length: count }, () => new Set<number>());
  for (const [a, b] of edges) {
    if (a === b) continue;
    lists[a]!.add(b);
    lists[b]!.add(a);
  }
  return graphOfSets(lists);
}

/** The graph without the edges that are named. */
export function withoutEdges(
  { count, starts, neighbours }: Graph,
  isNamed: (a: number, b: number) => boolean,
): Graph {
  const lists = Array.from({ length: count }, (_, note) => {
    const others = neighbours.subarray(starts[note], starts[note + 1]);
    return new Set(others.filter((other) => !isNamed(note, other)));
  });
  return graphOfSets(lists);
}

function graphOfSets(lists: readonly ReadonlySet<number>[]): Graph {
  const count = lists.length;
  const starts = new Int32Array(count + 1);
  lists.forEach((list, note) => {
    starts[note + 1] = starts[note]! + list.size;
  });
  const neighbours = new Int32Array(starts[count]!);
  lists.forEach((list, note) => neighbours.set(Int32Array.from(list).sort(), starts[note]));
  return { count, starts, neighbours };
}

export interface GraphShape {
  readonly edges: number;
  readonly components: number;
  readonly largestComponent: number;
  readonly isolated: number;
  readonly degree: { readonly least: number; readonly mean: number; readonly most: number };
}

export function graphShape(graph: Graph): GraphShape {
  const { count, starts, neighbours } = graph;
  const component = componentsOf(graph);
  const sizes = new Map<number, number>();
  for (const number of component) sizes.set(number, (sizes.get(number) ?? 0) + 1);
  let [least, most, isolated] = [count === 0 ? 0 : Infinity, 0, 0];
  for (let note = 0; note < count; note++) {
    const degree = starts[note + 1]! - starts[note]!;
    least = Math.min(least, degree);
    most = Math.max(most, degree);
    if (degree === 0) isolated++;
  }
  return {
    edges: neighbours.length / 2,
    components: sizes.size,
    largestComponent: [...sizes.values()].reduce((a, b) => Math.max(a, b), 0),
    isolated,
    degree: { least, mean: count === 0 ? 0 : neighbours.length / count, most },
  };
}

/** Number of the connected component of each node, in order of first appearance. */
export function componentsOf({ count, starts, neighbours }: Graph): Int32Array {
  const component = new Int32Array(count).fill(-1);
  let next = 0;
  const waiting: number[] = [];
  for (let first = 0; first < count; first++) {
    if (component[first]! >= 0) continue;
    component[first] = next;
    waiting.push(first);
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      for (let at = starts[node]!; at < starts[node + 1]!; at++) {
        const other = neighbours[at]!;
        if (component[other]! >= 0) continue;
        component[other] = next;
        waiting.push(other);
      }
    }
    next++;
  }
  return component;
}
