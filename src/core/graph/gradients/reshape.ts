import { reshape } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const reshapeGradient: GradientRule<'reshape'> = (graph, { inputs: [x] }, dy) => [
  dense(reshape(graph, dy, x.shape)),
];
