import { geluTanhGradient } from '../activationOps.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const geluTanhRule: GradientRule<'geluTanh'> = (graph, { inputs: [x] }, dy) => [
  dense(geluTanhGradient(graph, x, dy)),
];
