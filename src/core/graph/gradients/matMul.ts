import type { Graph, MatMulAttributes, Value } from '../graph.js';
import { matMul } from '../ops.js';
import { dense } from './rule.js';
import type { Contribution, GradientRule } from './rule.js';

export const matMulGradient: GradientRule<'matMul'> = (graph, { inputs, attributes }, dy) =>
  factorGradients(graph, inputs, attributes, dy);

/** y = alpha A B, where A is a or its transpose, and B likewise: dA = alpha dy B', dB = alpha A' dy. */
export function factorGradients(
  graph: Graph,
  [a, b]: readonly [Value, Value],
  { transA, transB, alpha }: MatMulAttributes,
  dy: Value,
): readonly (readonly Contribution[])[] {
  return [
    dense(
      transA
        ? matMul(graph, b, dy, { transA: transB, transB: true, alpha })
        : matMul(graph, dy, b, { transB: !transB, alpha }),
    ),
    dense(
      transB
        ? matMul(graph, dy, a, { transA: true, transB: transA, alpha })
        : matMul(graph, a, dy, { transA: !transA, alpha }),
    ),
  ];
}
