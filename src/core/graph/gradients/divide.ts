import { constant } from '../constant.js';
import { divide, multiply } from '../ops.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/** da = dy / b, and db = -y da. */
export const divideGradient: GradientRule<'divide'> = (graph, node, dy) => {
  const [, b] = node.inputs;
  const [y] = node.outputs;
  const da = divide(graph, dy, b);
  return [dense(da), dense(multiply(graph, multiply(graph, da, y), constant(graph, -1)))];
};
