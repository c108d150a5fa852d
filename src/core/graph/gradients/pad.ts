import { slice } from '../sliceOps.js';
import { staticDimension } from '../shapes.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const padGradient: GradientRule<'pad'> = (graph, { inputs: [x], attributes }, dy) => {
  const { axis, before } = attributes;
  const end = before + staticDimension(x, axis);
  return [dense(slice(graph, dy, axis, { start: before, end }))];
};
