/** The head of masked language modelling; its output matrix is the table of word embeddings. */
import type { Value } from '../graph/graph.js';
import { gelu } from '../graph/ops.js';
import { dense, norm } from './layers.js';
import { familyOf } from './families.js';
import { embeddingNames } from './parameters.js';
import type { EncoderScope } from './scope.js';

export interface MaskedLmOutput {
  /** [predictions, hiddenSize]; logits are hidden weight' + bias. */
  readonly hidden: Value;
  /** [vocabularySize, hiddenSize] */
  readonly weight: Value;
  /** [vocabularySize] */
  readonly bias: Value;
}

/** @param masked hidden states at the masked positions, [predictions, hiddenSize] */
export function maskedLmHead(scope: EncoderScope, masked: Value): MaskedLmOutput {
  const { head } = familyOf(scope.config);
  const transformed = gelu(scope.graph, dense(scope, head.dense, masked));
  return {
    hidden: norm(scope, head.norm, transformed),
    weight: scope.parameter(embeddingNames(scope.config).words),
    bias: scope.parameter(head.bias),
  };
}
