import { constant } from '../constant.js';
import { matMul, multiply, reduceSum, reshape, subtract, add } from '../ops.js';
import { staticDimension } from '../shapes.js';
import { dense } from './rule.js';
import type { GradientRule } from './rule.js';

/**
 * With n = (x - mean) * inverseDeviation and g = dy * gamma, for x [rows, width]:
 * dx = inverseDeviation * (g - mean(g) - n * mean(g * n)). Both means are matrix products with
 * gamma / width, one pass over the rows each.
 */
export const layerNormGradient: GradientRule<'layerNorm'> = (graph, node, dy) => {
  const [x, gamma, beta] = node.inputs;
  const [, mean, inverseDeviation] = node.outputs;
  const width = staticDimension(x, 1);
  const share = multiply(graph, gamma, constant(graph, 1 / width));
  const column = reshape(graph, share, [width, 1]);

  const normal = multiply(graph, subtract(graph, x, mean), inverseDeviation);
  const scaled = multiply(graph, dy, normal);
  const meanGradient = matMul(graph, dy, column); // [rows, 1]
  const meanScaled = matMul(graph, scaled, column); // [rows, 1]
  const removed = add(graph, multiply(graph, normal, meanScaled), meanGradient);
  const centred = subtract(graph, multiply(graph, dy, gamma), removed);
  return [
    dense(multiply(graph, centred, inverseDeviation)),
    dense(reduceSum(graph, scaled, [0], false)),
    ...(beta === undefined ? [] : [dense(reduceSum(graph, dy, [0], false))]),
  ];
};
