/**
 * How a graph's edges mix the classes of its nodes: homophily, assortativity (Newman, "Mixing patterns in networks",
 * 2003) and modularity (Newman and Girvan, 2004), as networkx computes them. Nodes without a class, and their edges,
 * are left out.
 */
import type { Measure } from '../space/bootstrap.js';
import type { Graph } from './knnGraph.js';

export interface Mixing {
  /** Share of edges between nodes of one class. */
  readonly homophily: number;
  /** 1 if edges join only equals, 0 if they ignore the classes. */
  readonly assortativity: number;
  /** Of the classes as a partition. */
  readonly modularity: number;
}

/**
 * @param labels [nodes], -1 for none
 * @param weights [nodes]: how often each counts; an edge counts as often as both its ends
 */
export function mixing(
  { count, starts, neighbours }: Graph,
  labels: Int32Array,
  classes: number,
  weights: Int32Array,
): Mixing {
  // Ends of edges: of each class, and of those the ones that lead to the same class.
  const ends = new Float64Array(classes);
  let [same, all] = [0, 0];
  for (let node = 0; node < count; node++) {
    const label = labels[node]!;
    const weight = weights[node]!;
    if (label < 0 || weight === 0) continue;
    let [own, others] = [0, 0];
    for (let at = starts[node]!; at < starts[node + 1]!; at++) {
      const other = neighbours[at]!;
      const label2 = labels[other]!;
      if (label2 < 0) continue;
      others += weights[other]!;
      if (label2 === label) own += weights[other]!;
    }
    ends[label]! += weight * others;
    all += weight * others;
    same += weight * own;
  }
  if (all === 0) return { homophily: NaN, assortativity: NaN, modularity: NaN };
  const homophily = same / all;
  const expected = ends.reduce((sum, value) => sum + (value / all) ** 2, 0);
  return {
    homophily,
    assortativity: expected < 1 - 1e-12 ? (homophily - expected) / (1 - expected) : NaN,
    modularity: homophily - expected,
  };
}

export function mixingMeasure(graph: Graph, labels: Int32Array, classes: number): Measure {
  return (weights) => ({ ...mixing(graph, labels, classes, weights) });
}
