import type { Graph, NodeOf, Value } from './graph.js';
import { add, matMulAdd } from './ops.js';

/** Whether `value` is a matrix product, which `accumulate` can fuse at no cost. */
export function isProduct(graph: Graph, value: Value): boolean {
  return productOf(graph, value) !== undefined;
}

function productOf(graph: Graph, value: Value): NodeOf<'matMul'> | undefined {
  if (value.shape.length !== 2) return undefined;
  const node = graph.nodes.findLast((candidate) => candidate.outputs[0] === value);
  return node?.op === 'matMul' ? node : undefined;
}

/**
 * accumulator + part. A matrix product is fused with the addition, which makes its own node unused.
 */
export function accumulate(graph: Graph, accumulator: Value, part: Value): Value {
  const product = productOf(graph, part);
  if (product === undefined) return add(graph, accumulator, part);
  const [a, b] = product.inputs;
  return matMulAdd(graph, a, b, accumulator, product.attributes);
}
