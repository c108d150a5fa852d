/**
 * Code shared by the contrastive losses: every row of an embedding matrix has to pick out its
 * positives among all other rows. Rows that are masked or have weight 0 get a gradient of exactly
 * 0.
 */
import { constant } from '../graph/constant.js';
import { addInitializer } from '../graph/graph.js';
import type { Graph, Value } from '../graph/graph.js';
import {
  add,
  divide,
  expectShape,
  matMul,
  multiply,
  reduceSum,
  reshape,
  subtract,
} from '../graph/ops.js';
import { logSumExp } from '../graph/rowOps.js';
import { staticDimension } from '../graph/shapes.js';

/** Far below any scaled similarity, at any permitted temperature. */
const excluded = -1e4;

/** Keeps division by a sum of weights finite if all are 0, and changes no other result. */
const tiny = 1e-30;

export interface Contrast {
  /** [N, H], rows of length 1. */
  readonly unit: Value;
  /**
   * [N, N]: share of each column among row i's positives; each row sums to 1, and is 0 at i itself.
   */
  readonly shares: Value;
  /** [N]: 1, or 0 for rows left out of the comparison. */
  readonly present: Value;
  readonly temperature: number;
}

/**
 * Cross-entropy of every row i, [N, 1]: with s the cosine similarities / temperature, log(sum over
 * present j other than i of exp(s_ij)) - sum over j of shares_ij s_ij. The second term is
 * subtracted before exponentiating, so that a row that found its positive loses no precision.
 */
export function contrastRows(
  graph: Graph,
  { unit, shares, present, temperature }: Contrast,
): Value {
  const rows = staticDimension(unit, 0);
  expectShape('contrast', shares, [rows, rows]);
  expectShape('contrast', present, [rows]);
  const similarities = matMul(graph, unit, unit, { transB: true, alpha: 1 / temperature });
  const positive = reduceSum(graph, multiply(graph, shares, similarities), [1], true);
  const absent = multiply(
    graph,
    subtract(graph, present, constant(graph, 1)),
    constant(graph, -excluded),
  );
  const bias = add(
    graph,
    reshape(graph, absent, [1, rows]),
    squareOf(graph, 'self', rows, (row, column) => (row === column ? excluded : 0)),
  );
  return logSumExp(graph, add(graph, subtract(graph, similarities, positive), bias));
}

/** [1]: the mean of rows [N, 1] under weights [N]; 0 if all weights are 0. */
export function weightedMean(graph: Graph, rows: Value, weights: Value): Value {
  const flat = reshape(graph, rows, weights.shape);
  const sum = reduceSum(graph, multiply(graph, flat, weights), [0], true);
  return divide(graph, sum, positiveSum(graph, weights, 0));
}

/** The sum of non-negative numbers along an axis, kept with size 1; never 0. */
export function positiveSum(graph: Graph, x: Value, axis: number): Value {
  return add(graph, reduceSum(graph, x, [axis], true), constant(graph, tiny));
}

/** A constant [size, size]; equal name and size share one value. */
export function squareOf(
  graph: Graph,
  name: string,
  size: number,
  entry: (row: number, column: number) => number,
): Value {
  const fullName = `${name}_${size}`;
  const known = graph.initializers.get(fullName);
  if (known !== undefined) return known.value;
  const data = Float32Array.from({ length: size * size }, (_, i) =>
    entry(Math.floor(i / size), i % size),
  );
  return addInitializer(graph, fullName, 'float32', [size, size], data);
}
