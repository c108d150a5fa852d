/** Ops on the rows of a matrix, that is over the last axis, for losses that compare vectors. */
import { addNode, newValue } from './graph.js';
import type { Graph, Value } from './graph.js';

/**
 * Every row divided by its length. A row of zeros, which has no direction, stays zero and passes no
 * gradient on.
 */
export function l2Normalise(graph: Graph, x: Value): Value {
  const y = newValue(graph, 'l2Normalise', 'float32', x.shape);
  const inverseNorm = newValue(graph, 'l2Normalise', 'float32', [...x.shape.slice(0, -1), 1]);
  addNode<'l2Normalise'>(graph, {
    op: 'l2Normalise',
    attributes: {},
    inputs: [x],
    outputs: [y, inverseNorm],
  });
  return y;
}

/** log(sum(exp(x))) of every row, the last axis kept with size 1; it never overflows. */
export function logSumExp(graph: Graph, x: Value): Value {
  const y = newValue(graph, 'logSumExp', 'float32', [...x.shape.slice(0, -1), 1]);
  addNode<'logSumExp'>(graph, { op: 'logSumExp', attributes: {}, inputs: [x], outputs: [y] });
  return y;
}
