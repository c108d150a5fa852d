/** The encoder that a configuration names. */
import type { Value } from '../graph/graph.js';
import { roberta } from './roberta.js';
import type { EncoderInputs } from './roberta.js';
import type { EncoderScope } from './scope.js';

/** Hidden states of the last layer: the shape of `inputIds`, and hiddenSize. */
export function encode(scope: EncoderScope, inputs: EncoderInputs): Value {
  return roberta(scope, inputs);
}
