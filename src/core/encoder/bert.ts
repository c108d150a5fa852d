import type { Value } from '../graph/graph.js';
import { activate } from './activation.js';
import {
  bertEncoder,
  bertSpellings,
  bertWords,
  readBertConfig,
  writeBertConfig,
} from './bertLayers.js';
import type { EncoderFamily } from './family.js';
import type { Scope } from './scope.js';

const head = 'cls.predictions';

/**
 * BERT: positions start at 0, padded or not. All our tokens are of type 0. Its pooler serves
 * next-sentence prediction, which we do not train, and is omitted.
 */
export const bert: EncoderFamily = {
  architectures: { encoder: 'BertModel', maskedLm: 'BertForMaskedLM' },
  readConfig: (fields) => readBertConfig(fields, 0),
  writeConfig: writeBertConfig,
  paddingPosition: () => null,
  words: (scope) => bertWords(scope.at('bert')),
  encode: (scope, inputs) => bertEncoder(scope.at('bert'), inputs, null),
  decode: (scope, inputs, source) => bertEncoder(scope.at('bert'), inputs, null, source),
  maskedLmHead: bertHead,
  spellings: (name) => [
    ...bertSpellings(name),
    ...(name === `${head}.bias` ? [`${head}.decoder.bias`] : []),
  ],
  outputMatrix: `${head}.decoder.weight`,
};

export function bertHead(scope: Scope, masked: Value): { hidden: Value; bias: Value } {
  const { graph, config } = scope;
  const at = scope.at(head);
  const transform = at.at('transform');
  const dense = transform.linear('dense', config.hiddenSize, masked, { inNewHead: 'identity' });
  return {
    hidden: transform.norm('LayerNorm', activate(graph, config.activation, dense)),
    bias: at.bias('bias', config.vocabularySize, { inNewHead: 'logFrequencies' }),
  };
}
