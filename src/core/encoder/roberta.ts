import { gelu } from '../graph/activationOps.js';
import {
  bertEncoder,
  bertSpellings,
  bertWords,
  readBertConfig,
  writeBertConfig,
} from './bertLayers.js';
import type { EncoderFamily } from './family.js';

const head = 'lm_head';

/** RoBERTa and DistilRoBERTa: positions start after the padding row. */
export const roberta: EncoderFamily = {
  architectures: { encoder: 'RobertaModel', maskedLm: 'RobertaForMaskedLM' },
  readConfig: (fields) => readBertConfig(fields, 1),
  writeConfig: (config) => writeBertConfig(config, { bos_token_id: 0, eos_token_id: 2 }),
  paddingPosition: ({ padTokenId }) => padTokenId,
  words: (scope) => bertWords(scope.at('roberta')),
  encode: (scope, inputs) => bertEncoder(scope.at('roberta'), inputs, scope.config.padTokenId),
  decode: (scope, inputs, source) =>
    bertEncoder(scope.at('roberta'), inputs, scope.config.padTokenId, source),
  maskedLmHead(scope, masked) {
    const { graph, config } = scope;
    const at = scope.at(head);
    const dense = at.linear('dense', config.hiddenSize, masked, { inNewHead: 'identity' });
    // gelu, whatever the layers have.
    return {
      hidden: at.norm('layer_norm', gelu(graph, dense)),
      bias: at.bias('bias', config.vocabularySize, { inNewHead: 'logFrequencies' }),
    };
  },
  spellings: (name) => [
    ...bertSpellings(name),
    ...(name === `${head}.bias` ? [`${head}.decoder.bias`] : []),
  ],
  outputMatrix: `${head}.decoder.weight`,
};
