import { multiply, reduceSum, subtract } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** The component of dy orthogonal to y, over the row's norm: (dy - y sum(dy y)) / norm. */
export const l2NormaliseGradient: GradientRule<'l2Normalise'> = (graph, { outputs }, dy) => {
  const [y, inverseNorm] = outputs;
  const along = reduceSum(graph, multiply(graph, dy, y), [y.shape.length - 1], true);
  const across = subtract(graph, dy, multiply(graph, y, along));
  return [dense(multiply(graph, across, inverseNorm))];
};
