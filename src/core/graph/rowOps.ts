/** Ops on the rows of a matrix (the last axis), for losses that compare vectors. */
import { addNode, newValue } from './graph.js';
import type { Graph, Value } from './graph.js';

/** Divides every row by its length. A zero row stays zero and passes no gradient back. */
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

/** log(sum(exp(x))) of every row, last axis kept with size 1; never overflows. */
export function logSumExp(graph: Graph, x: Value): Value {
  const y = newValue(graph, 'logSumExp', 'float32', [...x.shape.slice(0, -1), 1]);
  addNode<'logSumExp'>(graph, { op: 'logSumExp', attributes: {}, inputs: [x], outputs: [y] });
  return y;
}
