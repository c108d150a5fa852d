/** The masked-language-model head; its output matrix is the word-embedding table. */
import type { Value } from '../graph/graph.js';
import { familyOf } from './familyOf.js';
import { rootScope } from './scope.js';
import type { EncoderScope } from './scope.js';

export interface MaskedLmOutput {
  /** [predictions, width of the word embeddings]; logits are hidden weight' + bias. */
  readonly hidden: Value;
  /** [vocabularySize, width of the word embeddings] */
  readonly weight: Value;
  /** [vocabularySize] */
  readonly bias: Value;
}

/** @param masked hidden states at the masked positions, [predictions, hiddenSize] */
export function maskedLmHead(scope: EncoderScope, masked: Value): MaskedLmOutput {
  const family = familyOf(scope.config);
  return {
    ...family.maskedLmHead(rootScope(scope, 'mlmHead'), masked),
    weight: family.words(rootScope(scope, 'encoder')),
  };
}
