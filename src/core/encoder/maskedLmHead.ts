/** The head of masked language modelling; its output matrix is the table of word embeddings. */
import type { Value } from '../graph/graph.js';
import { gelu } from '../graph/ops.js';
import { dense, norm } from './layers.js';
import { wordEmbeddings } from './parameters.js';
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
  const transformed = gelu(scope.graph, dense(scope, 'lm_head.dense', masked));
  return {
    hidden: norm(scope, 'lm_head.layer_norm', transformed),
    weight: scope.parameter(wordEmbeddings),
    bias: scope.parameter('lm_head.bias'),
  };
}
