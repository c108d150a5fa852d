import { rotate } from '../attentionOps.js';
import { dense, none } from './rule.js';
import type { GradientRule } from './rule.js';

/** A rotation's transpose turns back; the angles are data. */
export const rotateGradient: GradientRule<'rotate'> = (graph, { inputs, attributes }, dy) => {
  const [, cosine, sine] = inputs;
  return [dense(rotate(graph, dy, cosine, sine, !attributes.inverse)), none, none];
};
