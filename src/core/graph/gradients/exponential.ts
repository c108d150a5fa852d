import { multiply } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const exponentialGradient: GradientRule<'exponential'> = (graph, { outputs: [y] }, dy) => [
  dense(multiply(graph, dy, y)),
];
