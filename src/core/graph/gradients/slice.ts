import { pad } from '../sliceOps.js';
import { staticDimension } from '../shapes.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const sliceGradient: GradientRule<'slice'> = (graph, { inputs: [x], attributes }, dy) => {
  const { axis, start, end } = attributes;
  return [dense(pad(graph, dy, axis, start, staticDimension(x, axis) - end))];
};
