import { relativeBiasGradient } from '../relativeOps.js';
import { dense, none } from './rule.js';
import type { GradientRule } from './rule.js';

export const relativeBiasRule: GradientRule<'relativeBias'> = (graph, node, dy) => [
  dense(relativeBiasGradient(graph, node.inputs[0], dy, node.attributes.bucketOf)),
  none,
];
