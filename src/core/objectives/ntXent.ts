/**
 * NT-Xent (normalised temperature-scaled cross-entropy) as DeCLUTR uses it: Giorgi, Nitski, Wang and
 * Bader, "DeCLUTR: Deep Contrastive Learning for Unsupervised Textual Representations", ACL 2021.
 */
import { constant } from '../graph/constant.js';
import type { Graph, Value } from '../graph/graph.js';
import { concat, expectShape, multiply, reduceSum, reshape } from '../graph/ops.js';
import { l2Normalise } from '../graph/rowOps.js';
import { staticDimension } from '../graph/shapes.js';
import { contrastRows, squareOf, weightedMean } from './contrast.js';

/** Embeddings are pooled but not normalised; padding may hold any finite value. */
export interface NtXentInputs {
  /** [A, H] */
  readonly anchors: Value;
  /** [A * P, H]: the P positives of the first anchor, then those of the second. */
  readonly positives: Value;
  /** [A]: 1, or 0 for padding anchors, whose positives are ignored too. */
  readonly anchorWeights: Value;
}

/**
 * Averages each anchor's positives. Every anchor and every average then has to pick out its partner
 * among all others; the loss [1] is the mean of these 2 x A cross-entropies. Every anchor is its
 * own class: anchors of the same document are (hard) negatives of each other. With a single anchor
 * there is nothing to compare, so loss and gradient are 0.
 */
export function ntXentLoss(
  graph: Graph,
  { anchors, positives, anchorWeights }: NtXentInputs,
  temperature: number,
): Value {
  const count = staticDimension(anchors, 0);
  expectShape('ntXent', anchorWeights, [count]);
  const averages = averageGroups(graph, positives, count);
  expectShape('ntXent', averages, anchors.shape);
  const weights = concat(graph, [anchorWeights, anchorWeights]);
  const rows = contrastRows(graph, {
    unit: l2Normalise(graph, concat(graph, [anchors, averages])),
    shares: squareOf(graph, 'partner', 2 * count, (row, column) =>
      Math.abs(row - column) === count ? 1 : 0,
    ),
    present: weights,
    temperature,
  });
  return weightedMean(graph, rows, weights);
}

/** Means of groups: x [groups * size, H] to [groups, H]. */
function averageGroups(graph: Graph, x: Value, groups: number): Value {
  const size = staticDimension(x, 0) / groups;
  if (size === 1) return x;
  const grouped = reshape(graph, x, [groups, size, staticDimension(x, 1)]);
  return multiply(graph, reduceSum(graph, grouped, [1], false), constant(graph, 1 / size));
}
