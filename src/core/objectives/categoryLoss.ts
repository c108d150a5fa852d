/**
 * A linear classifier of notes' categories. It is a decoder over a vocabulary of categories, and so is
 * computed by the same ops as the masked-language-model head: the one-hot of the labels is never made.
 */
import { decoderCorrect, decoderLoss } from '../graph/decoderOps.js';
import type { Graph, Value } from '../graph/graph.js';

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
   * int32 [N], any category where the weight is 0. An input of the graph: part of the head's gradient
   * comes as rows, which are named by it.
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
