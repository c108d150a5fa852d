/**
 * What contrastive losses share: every row of a matrix of embeddings has to pick out its positives
 * among all other rows. The gradient of what is masked or has weight 0 is exactly 0.
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

/** Far below any similarity, whatever the temperature that settings allow. */
const excluded = -1e4;

/** Keeps a division by a sum of weights finite where all are 0, and changes no other. */
const tiny = 1e-30;

export interface Contrast {
  /** [N, H], rows of length 1. */
  readonly unit: Value;
  /** [N, N]: of row i, how much each row counts as its positive; sums to 1, and is 0 at i itself. */
  readonly shares: Value;
  /** [N]: 1, or 0 for rows that nothing is compared with. */
  readonly present: Value;
  readonly temperature: number;
}

/**
 * Of every row i the cross-entropy, [N, 1]: with s the cosine similarities / temperature,
 * log(sum over present j other than i of exp(s_ij)) - sum over j of shares_ij s_ij.
 * The second term is taken off first, so that a row that found its positive loses no digits.
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

/** [1]: the mean of rows [N, 1] under weights [N]; 0 where all weights are. */
export function weightedMean(graph: Graph, rows: Value, weights: Value): Value {
  const flat = reshape(graph, rows, weights.shape);
  const sum = reduceSum(graph, multiply(graph, flat, weights), [0], true);
  return divide(graph, sum, positiveSum(graph, weights, 0));
}

/** The sum along an axis, kept with size 1, of numbers none of which is negative; never 0. */
export function positiveSum(graph: Graph, x: Value, axis: number): Value {
  return add(graph, reduceSum(graph, x, [axis], true), constant(graph, tiny));
}

/** A constant [size, size]; the same name and size are the same value. */
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
