/**
 * A linear classifier of note categories. Computed as a decoder over a vocabulary of categories,
 * with the same ops as the masked-language-model head: the one-hot labels are never materialised.
 */
import { decoderCorrect, decoderLoss } from '../graph/decoderOps.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { Graph, Value } from '../graph/graph.js';
import { inputArray } from './loss.js';
import type { Loss } from './loss.js';

/** Names of the head's parameters. */
export const categoryWeight = 'category.weight';
export const categoryBias = 'category.bias';

export interface CategoryInputs {
  /** [N, H], pooled. */
  readonly embeddings: Value;
  /** [C, H] */
  readonly weight: Value;
  /** [C] */
  readonly bias: Value;
  /**
   * int32 [N], any category where the weight is 0. Must be a graph input: it names the rows of the
   * sparse part of the head's gradient.
   */
  readonly labels: Value;
  /** [N]: 0 for notes without a category and for padding; the caller divides by their sum. */
  readonly weights: Value;
}

/** Sum over notes of weight times cross-entropy of softmax(embedding weight' + bias): [1]. */
export function categoryLoss(graph: Graph, { embeddings, ...head }: CategoryInputs): Value {
  return decoderLoss(graph, { hidden: embeddings, ...head });
}

/** Sum of the weights of the notes whose most likely category is the label: [1]. */
export function categoryCorrect(graph: Graph, { embeddings, ...head }: CategoryInputs): Value {
  return decoderCorrect(graph, { hidden: embeddings, ...head });
}

/**
 * The loss of a classifier on each sequence's mean embedding.
 *
 *     categories       int32 [sequences]    any class where the weight is 0
 *     categoryWeights  float32 [sequences]  0 without a category
 *
 * @param classes number of categories
 * @param width of the embeddings
 */
export function categoryClassifier(classes: number, width: number): Loss {
  return {
    name: 'category',
    parameters: classifierSpecs(classes, width),
    fits: () => true,
    build({ scope, pooled, input, shape: { batchSize, sequencesPerRow } }) {
      const embeddings = pooled();
      const sequences = [batchSize * sequencesPerRow];
      const inputs = {
        embeddings,
        weight: scope.parameter(categoryWeight),
        bias: scope.parameter(categoryBias),
        labels: input('categories', 'int32', sequences),
        weights: input('categoryWeights', 'float32', sequences),
      };
      const { graph } = scope;
      return { loss: categoryLoss(graph, inputs), correct: () => categoryCorrect(graph, inputs) };
    },
    fill(inputs, places, scale) {
      const labels = inputArray(inputs, 'categories').fill(0);
      const weights = inputArray(inputs, 'categoryWeights').fill(0);
      for (const { example, sequence } of places) {
        const target = example.targets.category;
        if (target === undefined) continue;
        labels[sequence] = target.labels[0]!;
        weights[sequence] = scale * target.weight;
      }
    },
  };
}

function classifierSpecs(classes: number, width: number): ParameterSpec[] {
  const shared = { part: 'objective', layer: null } as const;
  const matrix = { ...shared, use: 'matrix', initial: 'normal', decay: true } as const;
  const vector = { ...shared, use: 'vector', initial: 'zeros', decay: false } as const;
  return [
    { ...matrix, name: categoryWeight, shape: [classes, width] },
    { ...vector, name: categoryBias, shape: [classes] },
  ];
}
