import { siluGradient } from '../activationOps.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const siluRule: GradientRule<'silu'> = (graph, { inputs: [x] }, dy) => [
  dense(siluGradient(graph, x, dy)),
];
