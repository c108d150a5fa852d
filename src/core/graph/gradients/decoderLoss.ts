import { accumulate } from '../accumulate.js';
import { constant } from '../constant.js';
import type { Graph, NodeOf, RowRange, Value } from '../graph.js';
import {
  add,
  concat,
  exponential,
  gatherRows,
  linear,
  matMul,
  multiply,
  reshape,
  softmax,
  subtract,
} from '../ops.js';
import { sliceRows } from '../sliceOps.js';
import { staticDimension } from '../shapes.js';
import type { GradientRule } from './rule.js';
import { none } from './rule.js';

/**
 * The logits' gradient is weight * (probabilities - oneHot(label)), [rows, vocabulary]. Neither the
 * one-hot matrix nor its product with the weights is materialised: the weights are applied to
 * [rows, width], and the labels' part is a set of rows. With several chunks the probabilities are
 * recomputed here, so that only one chunk's are in memory at a time.
 */
export const decoderLossGradient: GradientRule<'decoderLoss'> = (graph, node, dy) => {
  const [hidden, weight, bias, labels, weights] = node.inputs;
  const rows = staticDimension(hidden, 0);
  const scaled = multiply(graph, weights, dy);
  const column = reshape(graph, scaled, [rows, 1]);
  const negative = multiply(graph, column, constant(graph, -1)); // [rows, 1]
  const negativeHidden = multiply(graph, hidden, negative); // [rows, width]

  const expected: Value[] = [];
  let dWeight: Value | undefined;
  let dBias: Value | undefined; // [1, vocabulary]
  for (const range of node.attributes.chunks) {
    const before = dWeight && dBias ? [...expected.slice(-1), dWeight, dBias] : [];
    const probabilities = chunkProbabilities(graph, node, range, before);
    expected.push(matMul(graph, probabilities, weight));
    const part = sliceRows(graph, negativeHidden, range);
    const partWeights = sliceRows(graph, negative, range);
    const row = reshape(graph, partWeights, [1, range.end - range.start]);
    const weightPart = matMul(graph, probabilities, part, { transA: true, alpha: -1 });
    const biasPart = matMul(graph, row, probabilities, { alpha: -1 });
    dWeight = dWeight ? accumulate(graph, dWeight, weightPart) : weightPart;
    dBias = dBias ? accumulate(graph, dBias, biasPart) : biasPart;
  }
  if (dWeight === undefined || dBias === undefined) throw new Error('decoderLoss: no rows');

  const surprise = subtract(graph, concat(graph, expected), gatherRows(graph, weight, labels));
  return [
    [{ kind: 'dense', value: multiply(graph, surprise, column) }],
    [
      { kind: 'dense', value: dWeight },
      { kind: 'rows', updates: negativeHidden, rows: labels },
    ],
    [
      { kind: 'dense', value: reshape(graph, dBias, bias.shape) },
      { kind: 'rows', updates: negative, rows: labels },
    ],
    none,
    none,
  ];
};

function chunkProbabilities(
  graph: Graph,
  node: NodeOf<'decoderLoss'>,
  range: RowRange,
  before: readonly Value[],
): Value {
  const [hidden, weight, bias] = node.inputs;
  const [, logProbabilities] = node.outputs;
  if (logProbabilities !== undefined) return exponential(graph, logProbabilities);
  const rows = after(graph, sliceRows(graph, hidden, range), before);
  return softmax(graph, linear(graph, rows, weight, bias));
}

/**
 * x, but computed only after the matrices `before`: adds 0 times one element of each. The runtime
 * orders nodes by dependencies alone. Without this it would hold the probabilities of all chunks at
 * once, and would also reuse the logits of the loss, and so keep them in memory.
 */
function after(graph: Graph, x: Value, before: readonly Value[]): Value {
  return before.reduce((sum, matrix) => {
    const tall = reshape(graph, matrix, [
      staticDimension(matrix, 0) * staticDimension(matrix, 1),
      1,
    ]);
    const element = sliceRows(graph, tall, { start: 0, end: 1 });
    return add(graph, sum, multiply(graph, element, constant(graph, 0)));
  }, x);
}
