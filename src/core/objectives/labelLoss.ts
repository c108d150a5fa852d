/** A linear classifier of labels of which a note may have several, or none: one sigmoid for each. */
import type { ParameterSpec } from '../encoder/parameters.js';
import type { Graph, Value } from '../graph/graph.js';
import { linear, multiply, reduceSum, reshape, subtract } from '../graph/ops.js';
import { logSumExp } from '../graph/rowOps.js';
import { elementCount } from '../graph/shapes.js';
import { pad } from '../graph/sliceOps.js';
import { inputArray } from './loss.js';
import type { Loss } from './loss.js';

/** Names of the head's parameters. */
export const labelWeight = 'labels.weight';
export const labelBias = 'labels.bias';

export interface LabelInputs {
  /** [N, H], pooled. */
  readonly embeddings: Value;
  /** [L, H] */
  readonly weight: Value;
  /** [L] */
  readonly bias: Value;
  /** [N, L]: the weight where the note has the label, else 0. */
  readonly present: Value;
  /** [N, L]: 0 for padding; the caller divides by N L. */
  readonly weights: Value;
}

/**
 * Sum over notes and labels of weight times binary cross-entropy of sigmoid(embedding weight' +
 * bias): [1]. With the logit z it is log(e^0 + e^z), less z where the note has the label, which
 * never overflows.
 */
export function labelLoss(graph: Graph, inputs: LabelInputs): Value {
  const { embeddings, weight, bias, present, weights } = inputs;
  const logits = linear(graph, embeddings, weight, bias);
  const column = reshape(graph, logits, [elementCount(logits), 1]);
  const softplus = reshape(graph, logSumExp(graph, pad(graph, column, 1, 1, 0)), logits.shape);
  const cells = subtract(
    graph,
    multiply(graph, weights, softplus),
    multiply(graph, present, logits),
  );
  return reshape(graph, reduceSum(graph, cells, [0, 1], false), [1]);
}

/** What a label weighs in a note that has it, and in one that has not. */
export interface LabelWeight {
  readonly present: number;
  readonly absent: number;
}

/**
 * The loss of a classifier on each sequence's pooled embedding. A target has a 1 or 0 for each
 * label.
 *
 *     labelsPresent     float32 [sequences, labels]  the weight of a label that the note has, else 0
 *     labelCellWeights  float32 [sequences, labels]  0 in unused places
 *
 * @param labels weights of each label
 * @param width of the embeddings
 */
export function labelClassifier(labels: readonly LabelWeight[], width: number): Loss {
  return {
    name: 'labels',
    parameters: classifierSpecs(labels.length, width),
    fits: () => true,
    build({ scope, pooled, input, shape: { batchSize, sequencesPerRow } }) {
      const cells = [batchSize * sequencesPerRow, labels.length];
      const loss = labelLoss(scope.graph, {
        embeddings: pooled(),
        weight: scope.parameter(labelWeight),
        bias: scope.parameter(labelBias),
        present: input('labelsPresent', 'float32', cells),
        weights: input('labelCellWeights', 'float32', cells),
      });
      return { loss, correct: null };
    },
    fill(inputs, places, scale) {
      const present = inputArray(inputs, 'labelsPresent').fill(0);
      const weights = inputArray(inputs, 'labelCellWeights').fill(0);
      for (const { example, sequence } of places) {
        const target = example.targets.labels;
        if (target === undefined) continue;
        labels.forEach((label, i) => {
          const cell = sequence * labels.length + i;
          const isPresent = target.labels[i] === 1;
          const weight = scale * target.weight * (isPresent ? label.present : label.absent);
          weights[cell] = weight;
          present[cell] = isPresent ? weight : 0;
        });
      }
    },
  };
}

function classifierSpecs(labels: number, width: number): ParameterSpec[] {
  const shared = { part: 'objective', layer: null } as const;
  const matrix = { ...shared, use: 'matrix', initial: 'normal', decay: true } as const;
  const vector = { ...shared, use: 'vector', initial: 'zeros', decay: false } as const;
  return [
    { ...matrix, name: labelWeight, shape: [labels, width] },
    { ...vector, name: labelBias, shape: [labels] },
  ];
}
