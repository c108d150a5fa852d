import { multiply, reduceSum, subtract } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** y (dy - sum(dy y)) over the last axis. */
export const softmaxGradient: GradientRule<'softmax'> = (graph, { outputs: [y] }, dy) => {
  const dot = reduceSum(graph, multiply(graph, dy, y), [y.shape.length - 1], true);
  return [dense(multiply(graph, y, subtract(graph, dy, dot)))];
};
