/** The gated layers of feed-forward networks (Shazeer, "GLU Variants Improve Transformer", 2020). */
import type { Value } from '../graph/graph.js';
import { multiply } from '../graph/ops.js';
import { chunk } from '../graph/sliceOps.js';
import { activate } from './activation.js';
import type { Scope } from './scope.js';

/**
 * activation(a) * b, [..., intermediateSize], where one matrix gives a and b, in this order.
 *
 * @param name of the matrix, [2 * intermediateSize, hiddenSize]
 */
export function fusedGate(
  scope: Scope,
  x: Value,
  { name, bias }: { readonly name: string; readonly bias: boolean },
): Value {
  const { graph, config } = scope;
  const wide = scope.linear(name, 2 * config.intermediateSize, x, { lora: 'intermediate', bias });
  const [a, b] = chunk(graph, wide, 2);
  return multiply(graph, activate(graph, config.activation, a!), b!);
}
