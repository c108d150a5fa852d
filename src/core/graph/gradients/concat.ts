import { sliceRows } from '../sliceOps.js';
import { staticDimension } from '../shapes.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

export const concatGradient: GradientRule<'concat'> = (graph, { inputs }, dy) => {
  let start = 0;
  return inputs.map((part) => {
    const end = start + staticDimension(part, 0);
    const slice = sliceRows(graph, dy, { start, end });
    start = end;
    return dense(slice);
  });
};
