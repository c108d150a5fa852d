import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const addGradient: GradientRule<'add'> = (_graph, _node, dy) => [dense(dy), dense(dy)];
