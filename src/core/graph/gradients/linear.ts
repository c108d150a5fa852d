import { matMul, reduceSum } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** For x [rows, in] and weight [out, in]. */
export const linearGradient: GradientRule<'linear'> = (graph, { inputs: [x, weight] }, dy) => [
  dense(matMul(graph, dy, weight)),
  dense(matMul(graph, dy, x, { transA: true })),
  dense(reduceSum(graph, dy, [0], false)),
];
