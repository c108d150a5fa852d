/** Attention biases that depend on how far apart two tokens are (T5, MPNet). */
import { addNode, newValue } from './graph.js';
import type { Graph, Value } from './graph.js';
import { expectShape } from './ops.js';
import { dimension, staticDimension } from './shapes.js';

/**
 * Biases [1, heads, sequence, sequence] of a query (third axis) and a key (last axis): the row of
 * `table` [buckets, heads] for the key's index minus the query's.
 *
 * @param attentionBias [batch, 1, 1 or sequence, sequence], only read for its last size
 * @param bucketOf bucket of each distance from -n to n; farther ones count as -n and n
 */
export function relativeBias(
  graph: Graph,
  table: Value,
  attentionBias: Value,
  bucketOf: readonly number[],
): Value {
  const sequence = dimension(attentionBias, -1);
  const shape = [1, dimension(table, 1), sequence, sequence];
  const y = newValue(graph, 'relativeBias', 'float32', shape);
  addNode<'relativeBias'>(graph, {
    op: 'relativeBias',
    attributes: { bucketOf },
    inputs: [table, attentionBias],
    outputs: [y],
  });
  return y;
}

/** The gradient of `table`, for dy [1, heads, sequence, sequence]. */
export function relativeBiasGradient(
  graph: Graph,
  table: Value,
  dy: Value,
  bucketOf: readonly number[],
): Value {
  const sequence = staticDimension(dy, -1);
  expectShape('relativeBiasGradient', dy, [1, dimension(table, 1), sequence, sequence]);
  const dTable = newValue(graph, 'relativeBiasGradient', 'float32', table.shape);
  addNode<'relativeBiasGradient'>(graph, {
    op: 'relativeBiasGradient',
    attributes: { bucketOf },
    inputs: [dy],
    outputs: [dTable],
  });
  return dTable;
}
