import { multiply } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const multiplyGradient: GradientRule<'multiply'> = (graph, { inputs: [a, b] }, dy) => [
  dense(multiply(graph, dy, b)),
  dense(multiply(graph, dy, a)),
];
