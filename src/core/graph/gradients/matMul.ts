import { matMul } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** y = alpha A B, where A is a or its transpose, and B likewise: dA = alpha dy B', dB = alpha A' dy. */
export const matMulGradient: GradientRule<'matMul'> = (
  graph,
  { inputs: [a, b], attributes },
  dy,
) => {
  const { transA, transB, alpha } = attributes;
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
};
