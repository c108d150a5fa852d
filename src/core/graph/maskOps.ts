/**
 * Ops for graphs that serve a model, most of them over an attention mask [batch, sequence] of 0 and
 * 1.
 */
import type { PoolingName } from '../../protocol/catalogue/poolings.js';
import { addNode, newValue } from './graph.js';
import type { Graph, PointwiseName, Value } from './graph.js';
import { dimension, staticDimension } from './shapes.js';

/**
 * RoBERTa's positions: from paddingIndex + 1, and paddingIndex where padded. With `null`, BERT's:
 * every place counts from 0, padded or not.
 */
export function positionsFromMask(graph: Graph, mask: Value, paddingIndex: number | null): Value {
  const positions = newValue(graph, 'positionsFromMask', 'int32', mask.shape);
  addNode<'positionsFromMask'>(graph, {
    op: 'positionsFromMask',
    attributes: { paddingIndex },
    inputs: [mask],
    outputs: [positions],
  });
  return positions;
}

/** The bias added to attention scores, [batch, 1, 1, sequence]: 0, or -1e4 where padded. */
export function biasFromMask(graph: Graph, mask: Value): Value {
  const shape = [dimension(mask, 0), 1, 1, dimension(mask, 1)];
  const bias = newValue(graph, 'biasFromMask', 'float32', shape);
  addNode<'biasFromMask'>(graph, {
    op: 'biasFromMask',
    attributes: {},
    inputs: [mask],
    outputs: [bias],
  });
  return bias;
}

/**
 * Pools x [batch, sequence, width] over the places where the mask is 1, in each of the ways named:
 * [batch, poolings * width], unnormalised.
 */
export function poolOverMask(
  graph: Graph,
  x: Value,
  mask: Value,
  poolings: readonly PoolingName[],
): Value {
  const shape = [dimension(x, 0), poolings.length * staticDimension(x, 2)];
  const pooled = newValue(graph, 'poolOverMask', 'float32', shape);
  addNode<'poolOverMask'>(graph, {
    op: 'poolOverMask',
    attributes: { poolings },
    inputs: [x, mask],
    outputs: [pooled],
  });
  return pooled;
}

/** A function of every number, without a gradient: for the layers after pooling. */
export function pointwise(graph: Graph, name: PointwiseName, x: Value): Value {
  const y = newValue(graph, 'pointwise', 'float32', x.shape);
  addNode<'pointwise'>(graph, { op: 'pointwise', attributes: { name }, inputs: [x], outputs: [y] });
  return y;
}
