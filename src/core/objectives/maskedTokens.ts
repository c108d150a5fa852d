/** The masked-language-model loss: predicts the tokens at masked positions. */
import { maskedLmHead } from '../encoder/maskedLmHead.js';
import { decoderCorrect, decoderLoss } from '../graph/decoderOps.js';
import { gatherRows } from '../graph/ops.js';
import { inputArray } from './loss.js';
import type { Loss } from './loss.js';

/**
 *     predictionRows  int32 [predictions]    index of each masked place among the tokens
 *     labels          int32 [predictions]
 *     labelWeights    float32 [predictions]  0 in unused slots
 */
export const maskedTokens: Loss = {
  name: 'mlm',
  parameters: [],
  fits: ({ predictions }) => predictions > 0,
  build({ scope, hidden, shape: { predictions }, input }) {
    const places = input('predictionRows', 'int32', [predictions]);
    const decoder = {
      ...maskedLmHead(scope, gatherRows(scope.graph, hidden, places)),
      labels: input('labels', 'int32', [predictions]),
      weights: input('labelWeights', 'float32', [predictions]),
    };
    return {
      loss: decoderLoss(scope.graph, decoder),
      correct: () => decoderCorrect(scope.graph, decoder),
    };
  },
  fill(inputs, places, scale) {
    const predictionRows = inputArray(inputs, 'predictionRows').fill(0);
    const labels = inputArray(inputs, 'labels').fill(0);
    const labelWeights = inputArray(inputs, 'labelWeights').fill(0);
    let slot = 0;
    for (const { example, start } of places) {
      const target = example.targets.mlm;
      if (target === undefined || target.positions === null) continue;
      labels.set(target.labels, slot);
      labelWeights.fill(scale * target.weight, slot, slot + target.positions.length);
      for (const position of target.positions) predictionRows[slot++] = start + position;
    }
  },
};
