import { matMul, multiply, reduceSum, subtract } from '../ops.js';
import { dense, none } from './rule.js';
import type { GradientRule } from './rule.js';

/**
 * The softmax gradient P (dP - sum(dP P)) needs that sum for every row of the probabilities. It
 * equals the sum of context times its gradient, which is shorter, with or without dropout.
 */
export const attentionGradient: GradientRule<'attention'> = (graph, node, dContext) => {
  const [query, key, value, , dropout] = node.inputs;
  const [context, probabilities, kept] = node.outputs;
  const { scale } = node.attributes;

  const dKept = matMul(graph, dContext, value, { transB: true });
  const dProbabilities = dropout === undefined ? dKept : multiply(graph, dKept, dropout);
  const dot = reduceSum(graph, multiply(graph, dContext, context), [3], true);
  const dScores = multiply(graph, probabilities, subtract(graph, dProbabilities, dot));
  return [
    dense(matMul(graph, dScores, key, { alpha: scale })),
    dense(matMul(graph, dScores, query, { transA: true, alpha: scale })),
    dense(matMul(graph, kept, dContext, { transA: true })),
    dense(dScores),
    none,
  ];
};
