/** Ops over an attention mask [batch, sequence] of 0 and 1, for graphs that serve a model. */
import { addNode, newValue } from './graph.js';
import type { Graph, Value } from './graph.js';
import { dimension } from './shapes.js';

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

/** Mean over the sequence of x [batch, sequence, width] where the mask is 1: [batch, width]. */
export function meanOverMask(graph: Graph, x: Value, mask: Value): Value {
  const shape = [dimension(x, 0), dimension(x, 2)];
  const mean = newValue(graph, 'meanOverMask', 'float32', shape);
  addNode<'meanOverMask'>(graph, {
    op: 'meanOverMask',
    attributes: {},
    inputs: [x, mask],
    outputs: [mean],
  });
  return mean;
}
