import type { Value } from '../graph/graph.js';
import { add } from '../graph/ops.js';
import { bert, bertHead } from './bert.js';
import {
  bertAttention,
  bertEmbeddingSum,
  bertFeedForward,
  bertWords,
  readBertConfig,
  writeBertConfig,
} from './bertLayers.js';
import type { EncoderFamily } from './family.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

const prefix = 'bert';

/**
 * Megatron-BERT (Shoeybi et al., 2020), such as GatorTron: BERT with LayerNorm before attention and
 * before the feed-forward layers instead of after them, none in the embeddings, and one at the end.
 */
export const megatronBert: EncoderFamily = {
  architectures: { encoder: 'MegatronBertModel', maskedLm: 'MegatronBertForMaskedLM' },
  readConfig: (fields) => readBertConfig(fields, 0),
  writeConfig: writeBertConfig,
  paddingPosition: () => null,
  words: (scope) => bertWords(scope.at(prefix)),
  encode(scope, inputs) {
    const at = scope.at(prefix);
    const encoder = at.at('encoder');
    const sum = bertEmbeddingSum(at, inputs);
    let hidden = at.at('embeddings').drop(sum, dropoutSites.embeddings);
    const last = scope.config.hiddenLayers - 1;
    for (let layer = 0; layer <= last; layer++) {
      hidden = encodeLayer(encoder.at('layer').atLayer(layer), hidden, inputs.attentionBias);
    }
    return encoder.ofLayer(last).norm('ln', hidden);
  },
  maskedLmHead: bertHead,
  spellings: (name) => bert.spellings(name),
  outputMatrix: bert.outputMatrix,
};

function encodeLayer(scope: Scope, x: Value, bias: Value): Value {
  const { graph } = scope;
  const normed = scope.at('attention').norm('ln', x);
  const middle = add(graph, x, bertAttention(scope, normed, bias));
  return add(graph, middle, bertFeedForward(scope, scope.norm('ln', middle)));
}
