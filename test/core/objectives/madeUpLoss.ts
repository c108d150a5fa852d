/** A loss that no objective has: labels that are numbers. */
import type { LossName } from '../../../src/protocol/catalogue/losses.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import { linear, multiply, reduceSum, reshape, subtract } from '../../../src/core/graph/ops.js';
import { inputArray } from '../../../src/core/objectives/loss.js';
import type { Loss } from '../../../src/core/objectives/loss.js';

/** A parameter that a loss brings. */
export function ownParameter(name: string, shape: readonly number[]): ParameterSpec {
  const isMatrix = shape.length > 1;
  const use = isMatrix ? 'matrix' : 'vector';
  return { name, shape, use, initial: 'normal', decay: isMatrix, part: 'objective', layer: null };
}

/** Labels that are numbers: squared error of a linear function of the pooled embedding. */
export function numberLoss(name: LossName, width: number): Loss {
  return {
    name,
    parameters: [ownParameter('number.weight', [1, width]), ownParameter('number.bias', [1])],
    fits: () => true,
    build({ scope, pooled, input, shape: { batchSize, sequencesPerRow } }) {
      const { graph } = scope;
      const size = [batchSize * sequencesPerRow, 1];
      const [weight, bias] = [scope.parameter('number.weight'), scope.parameter('number.bias')];
      const answer = linear(graph, pooled(), weight, bias);
      const error = subtract(graph, answer, input('numbers', 'float32', size));
      const weights = input('numberWeights', 'float32', size);
      const squares = multiply(graph, multiply(graph, error, error), weights);
      return { loss: reshape(graph, reduceSum(graph, squares, [0, 1], false), [1]), correct: null };
    },
    fill(inputs, places, scale) {
      const numbers = inputArray(inputs, 'numbers').fill(0);
      const weights = inputArray(inputs, 'numberWeights').fill(0);
      for (const { example, sequence } of places) {
        const target = example.targets[name];
        if (target === undefined) continue;
        numbers[sequence] = target.labels[0]!;
        weights[sequence] = scale * target.weight;
      }
    },
  };
}
