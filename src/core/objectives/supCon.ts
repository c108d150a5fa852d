/**
 * Supervised contrastive loss, the sum outside of the logarithm (L_out): Khosla et al., "Supervised
 * Contrastive Learning", NeurIPS 2020.
 */
import type { Graph, Value } from '../graph/graph.js';
import { divide } from '../graph/ops.js';
import { l2Normalise } from '../graph/rowOps.js';
import { contrastRows, positiveSum, weightedMean } from './contrast.js';

export interface SupConInputs {
  /** [N, H], pooled but not normalised; padding may hold any finite value. */
  readonly embeddings: Value;
  /** [N, N]: 1 where two different rows share their category, else 0. */
  readonly positivePairs: Value;
  /** [N]: 1 for rows with a category; the others are not used as negatives. */
  readonly present: Value;
  /** [N]: weight of the row as an anchor; 0 without a positive. */
  readonly anchorWeights: Value;
}

/**
 * For an anchor i with positives P(i): the mean over P(i) of -log softmax of the cosine
 * similarities / temperature over all other rows that have a category. The loss [1] is the weighted
 * mean over anchors, or 0 if there are none.
 */
export function supConLoss(
  graph: Graph,
  { embeddings, positivePairs, present, anchorWeights }: SupConInputs,
  temperature = 0.1,
): Value {
  const rows = contrastRows(graph, {
    unit: l2Normalise(graph, embeddings),
    shares: divide(graph, positivePairs, positiveSum(graph, positivePairs, 1)),
    present,
    temperature,
  });
  return weightedMean(graph, rows, anchorWeights);
}

/** Data for the inputs of the same names. */
export interface SupConTargets {
  readonly positivePairs: Float32Array;
  readonly present: Float32Array;
  readonly anchorWeights: Float32Array;
}

/**
 * Targets for a batch of categories (`null`: none), for a graph with room for `rows` rows. A row's
 * weight as an anchor is that of its category in `categoryWeights`, or 1. The only row of its
 * category is just a negative. A batch with a single category has no negatives, so no anchor
 * counts.
 */
export function supConTargets(
  categories: readonly (number | null)[],
  rows: number,
  categoryWeights?: readonly number[],
): SupConTargets {
  if (categories.length > rows) throw new RangeError(`${categories.length} rows into ${rows}`);
  const positivePairs = new Float32Array(rows * rows);
  const present = new Float32Array(rows);
  const anchorWeights = new Float32Array(rows);
  const labelled = categories.filter((category) => category !== null);
  const sizes = new Map<number, number>();
  for (const category of labelled) sizes.set(category, (sizes.get(category) ?? 0) + 1);
  categories.forEach((category, i) => {
    if (category === null) return;
    present[i] = 1;
    if (sizes.size > 1 && sizes.get(category)! > 1) {
      anchorWeights[i] = categoryWeights?.[category] ?? 1;
    }
    categories.forEach((other, j) => {
      if (j !== i && other === category) positivePairs[i * rows + j] = 1;
    });
  });
  return { positivePairs, present, anchorWeights };
}
