/** Builds the encoder that a configuration describes. */
import type { Value } from '../graph/graph.js';
import type { EncoderConfig } from './config.js';
import type { DecoderSource, EncoderFamily, EncoderInputs } from './family.js';
import { familyOf } from './familyOf.js';
import { rootScope } from './scope.js';
import type { EncoderScope } from './scope.js';

/**
 * Hidden states of the last layer, [...shape of `inputIds`, hiddenSize].
 *
 * @param inputs at least those that `encoderInputNames` lists
 */
export function encode(scope: EncoderScope, inputs: Partial<EncoderInputs>): Value {
  return familyOf(scope.config).encode(rootScope(scope, 'encoder'), requireInputs(inputs));
}

/**
 * Hidden states of the last layer of the encoder's own layers, as a decoder.
 *
 * @param inputs at least those that `encoderInputNames` lists
 */
export function decode(
  scope: EncoderScope,
  inputs: Partial<EncoderInputs>,
  source: DecoderSource,
): Value {
  const family: EncoderFamily = familyOf(scope.config);
  if (family.decode === undefined) throw new Error(`${scope.config.modelType} cannot decode`);
  // Its sites of dropout follow those of the encoder, for which they would be mistaken.
  const firstDropoutLayer = scope.config.hiddenLayers + 1;
  const own = { ...scope, firstDropoutLayer };
  return family.decode(rootScope(own, 'encoder'), requireInputs(inputs), source);
}

export function canDecode(config: Pick<EncoderConfig, 'modelType'>): boolean {
  return familyOf(config).decode !== undefined;
}

/**
 * Throws if the family reads an input that was not given; inputs that it does not read may be
 * absent.
 */
function requireInputs(inputs: Partial<EncoderInputs>): EncoderInputs {
  const take = (name: keyof EncoderInputs): Value => {
    const value = inputs[name];
    if (value === undefined) throw new Error(`the encoder reads ${name}, which it was not given`);
    return value;
  };
  return {
    get inputIds() {
      return take('inputIds');
    },
    get positionIds() {
      return take('positionIds');
    },
    get tokenTypeIds() {
      return take('tokenTypeIds');
    },
    get attentionBias() {
      return take('attentionBias');
    },
  };
}
