import type { Graph, NodeOf, RowRange, Value } from '../graph.js';
import { constant } from '../constant.js';
import {
  concat,
  exponential,
  gatherRows,
  linear,
  matMul,
  multiply,
  reshape,
  sliceRows,
  softmax,
  subtract,
} from '../ops.js';
import { staticDimension } from '../shapes.js';
import { none } from './rule.js';
import type { Contribution, GradientRule } from './rule.js';

/**
 * The logits' gradient is weight * (probabilities - oneHot(label)), [rows, vocabulary]. Neither the
 * one-hot nor the product with the weights is ever made: the weights act on [rows, width], and the
 * labels' part is a set of rows. With several chunks the probabilities are computed again here, so
 * that those of one chunk are in memory at a time.
 */
export const decoderLossGradient: GradientRule<'decoderLoss'> = (graph, node, dy) => {
  const [hidden, weight, bias, labels, weights] = node.inputs;
  const rows = staticDimension(hidden, 0);
  const scaled = multiply(graph, weights, dy);
  const column = reshape(graph, scaled, [rows, 1]);
  const negative = multiply(graph, column, constant(graph, -1)); // [rows, 1]
  const negativeHidden = multiply(graph, hidden, negative); // [rows, width]

  const expected: Value[] = [];
  const dWeight: Contribution[] = [];
  const dBias: Contribution[] = [];
  for (const range of node.attributes.chunks) {
    const probabilities = chunkProbabilities(graph, node, range);
    expected.push(matMul(graph, probabilities, weight));
    const part = sliceRows(graph, negativeHidden, range);
    const partWeights = reshape(graph, sliceRows(graph, negative, range), [
      1,
      range.end - range.start,
    ]);
    const dBiasRow = matMul(graph, partWeights, probabilities, { alpha: -1 });
    dWeight.push({
      kind: 'dense',
      value: matMul(graph, probabilities, part, { transA: true, alpha: -1 }),
    });
    dBias.push({ kind: 'dense', value: reshape(graph, dBiasRow, bias.shape) });
  }
  dWeight.push({ kind: 'rows', updates: negativeHidden, rows: labels });
  dBias.push({ kind: 'rows', updates: negative, rows: labels });

  const surprise = subtract(graph, concat(graph, expected), gatherRows(graph, weight, labels));
  return [
    [{ kind: 'dense', value: multiply(graph, surprise, column) }],
    dWeight,
    dBias,
    none,
    none,
  ];
};

function chunkProbabilities(graph: Graph, node: NodeOf<'decoderLoss'>, range: RowRange): Value {
  const [hidden, weight, bias] = node.inputs;
  const [, logProbabilities] = node.outputs;
  if (logProbabilities !== undefined) return exponential(graph, logProbabilities);
  return softmax(graph, linear(graph, sliceRows(graph, hidden, range), weight, bias));
}
