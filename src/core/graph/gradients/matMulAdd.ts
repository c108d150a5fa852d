import { factorGradients } from './matMul.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const matMulAddGradient: GradientRule<'matMulAdd'> = (
  graph,
  { inputs: [a, b], attributes },
  dy,
) => [...factorGradients(graph, [a, b], attributes, dy), dense(dy)];
