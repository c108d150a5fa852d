import type { Value } from '../graph/graph.js';
import { add, gatherRows } from '../graph/ops.js';
import { relativeBias } from '../graph/relativeOps.js';
import { selfAttention } from './attention.js';
import { bertFeedForward, bertWords, readBertConfig, writeLayerConfig } from './bertLayers.js';
import { count, index, invalidConfig, requireValue } from './configFields.js';
import type { EncoderFamily, EncoderInputs } from './family.js';
import { relativeBuckets } from './relativeBuckets.js';
import { robertaHead } from './roberta.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

const prefix = 'mpnet';
/** Not in config.json: hard-coded in transformers, as is the token that pads. */
const buckets = 32;
const farthest = 128;
const padding = 1;
const bucketTable = 'relative_attention_num_buckets';

/**
 * MPNet (Song et al., 2020): no token types, and every layer adds one bias to the attention scores,
 * which depends on the head and on how far apart two tokens are. Positions start after the padding
 * row as in RoBERTa.
 */
export const mpnet: EncoderFamily = {
  architectures: { encoder: 'MPNetModel', maskedLm: 'MPNetForMaskedLM' },
  readConfig(fields) {
    requireValue(fields, 'pad_token_id', padding, 'padding token');
    const rows = count(fields, bucketTable, buckets);
    if (rows < buckets) throw invalidConfig(`${bucketTable} ${rows} is below ${buckets}`);
    return {
      ...readBertConfig(fields, padding),
      typeVocabularySize: 0,
      own: {
        bos_token_id: index(fields, 'bos_token_id', 0),
        eos_token_id: index(fields, 'eos_token_id', 2),
        [bucketTable]: rows,
      },
    };
  },
  writeConfig: writeLayerConfig,
  paddingPosition: () => padding,
  words: (scope) => bertWords(scope.at(prefix)),
  encode(scope, inputs) {
    const at = scope.at(prefix);
    const layers = at.at('encoder').at('layer');
    const distances = distanceBias(at.at('encoder'), inputs.attentionBias);
    let hidden = embed(at, inputs);
    for (let layer = 0; layer < scope.config.hiddenLayers; layer++) {
      // Added in each layer, so that its gradient is summed over the batch there and kept small.
      const bias = add(scope.graph, inputs.attentionBias, distances);
      hidden = encodeLayer(layers.atLayer(layer), hidden, bias);
    }
    return hidden;
  },
  maskedLmHead: robertaHead,
  spellings: (name) => [
    name,
    ...(name.startsWith(`${prefix}.`) ? [name.slice(prefix.length + 1)] : []),
    ...(name === 'lm_head.bias' ? ['lm_head.decoder.bias'] : []),
  ],
  outputMatrix: 'lm_head.decoder.weight',
};

function embed(scope: Scope, inputs: EncoderInputs): Value {
  const { graph, config } = scope;
  const at = scope.at('embeddings');
  const word = gatherRows(graph, bertWords(scope), inputs.inputIds);
  const positions = at.table(
    'position_embeddings',
    [config.maxPositionEmbeddings, config.hiddenSize],
    { paddingRow: padding },
  );
  const sum = add(graph, word, gatherRows(graph, positions, inputs.positionIds));
  return at.drop(at.norm('LayerNorm', sum), dropoutSites.embeddings);
}

/** [1, heads, sequence, sequence] */
function distanceBias(scope: Scope, attentionBias: Value): Value {
  const { graph, config } = scope;
  const rows = Number(config.own?.[bucketTable] ?? buckets);
  const table = scope.table('relative_attention_bias', [rows, config.attentionHeads]);
  return relativeBias(graph, table, attentionBias, relativeBuckets(buckets, farthest));
}

function encodeLayer(scope: Scope, x: Value, bias: Value): Value {
  const { graph, config } = scope;
  const attention = scope.at('attention');
  const inner = attention.at('attn');
  const attended = selfAttention(inner, x, bias, { query: 'q', key: 'k', value: 'v' });
  const lora = 'attention.output';
  const projected = inner.linear('o', config.hiddenSize, attended, { lora });
  const kept = attention.drop(projected, dropoutSites.attentionOutput);
  const middle = attention.norm('LayerNorm', add(graph, kept, x));
  const narrow = bertFeedForward(scope, middle);
  return scope.at('output').norm('LayerNorm', add(graph, narrow, middle));
}
