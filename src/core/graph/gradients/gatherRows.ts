import { reshape } from '../ops.js';
import { elementCount, staticDimension } from '../shapes.js';
import { none } from './rule.js';
import type { GradientRule } from './rule.js';

/** Stays sparse; the backward loop decides whether to make it dense. */
export const gatherRowsGradient: GradientRule<'gatherRows'> = (graph, { inputs }, dy) => {
  const [table, rows] = inputs;
  const count = elementCount(rows);
  const updates = reshape(graph, dy, [count, staticDimension(table, 1)]);
  return [[{ kind: 'rows', updates, rows: reshape(graph, rows, [count]) }], none];
};
