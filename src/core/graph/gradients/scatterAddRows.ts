import { gatherRows } from '../ops.js';
import { dense, none } from './rule.js';
import type { GradientRule } from './rule.js';

export const scatterAddRowsGradient: GradientRule<'scatterAddRows'> = (graph, { inputs }, dy) => [
  dense(gatherRows(graph, dy, inputs[1])),
  none,
];
