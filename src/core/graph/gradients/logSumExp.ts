import { multiply, softmax } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const logSumExpGradient: GradientRule<'logSumExp'> = (graph, { inputs: [x] }, dy) => [
  dense(multiply(graph, softmax(graph, x), dy)),
];
