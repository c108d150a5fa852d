import { matMul, reduceSum } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** For x [rows, in] and weight [out, in]. */
export const linearGradient: GradientRule<'linear'> = (graph, { inputs }, dy) => {
  const [x, weight, bias] = inputs;
  return [
    dense(matMul(graph, dy, weight)),
    dense(matMul(graph, dy, x, { transA: true })),
    ...(bias === undefined ? [] : [dense(reduceSum(graph, dy, [0], false))]),
  ];
};
