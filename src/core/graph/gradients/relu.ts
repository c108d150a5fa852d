import { reluGradient } from '../activationOps.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const reluRule: GradientRule<'relu'> = (graph, { inputs: [x] }, dy) => [
  dense(reluGradient(graph, x, dy)),
];
