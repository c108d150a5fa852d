import { geluGradient } from '../activationOps.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const geluRule: GradientRule<'gelu'> = (graph, { inputs: [x] }, dy) => [
  dense(geluGradient(graph, x, dy)),
];
