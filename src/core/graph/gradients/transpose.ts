import { transpose } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const transposeGradient: GradientRule<'transpose'> = (graph, { attributes }, dy) => {
  const { permutation } = attributes;
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return [dense(transpose(graph, dy, inverse))];
};
