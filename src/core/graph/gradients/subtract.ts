import { constant } from '../constant.js';
import { multiply } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const subtractGradient: GradientRule<'subtract'> = (graph, _node, dy) => [
  dense(dy),
  dense(multiply(graph, dy, constant(graph, -1))),
];
