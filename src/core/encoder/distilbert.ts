import type { Value } from '../graph/graph.js';
import { add, gatherRows } from '../graph/ops.js';
import { activate, readActivation } from './activation.js';
import { selfAttention } from './attention.js';
import { count, flag, index, positive, rate } from './configFields.js';
import type { EncoderFamily, EncoderInputs } from './family.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

const prefix = 'distilbert';

/**
 * DistilBERT (Sanh et al., 2019): BERT without token types, and without dropout between attention
 * and the residual. Sinusoids are only an optional initialisation of its positions; transformers
 * trains them like other positions.
 */
export const distilbert: EncoderFamily = {
  architectures: { encoder: 'DistilBertModel', maskedLm: 'DistilBertForMaskedLM' },
  readConfig(fields) {
    return {
      vocabularySize: count(fields, 'vocab_size'),
      hiddenSize: count(fields, 'dim'),
      hiddenLayers: count(fields, 'n_layers'),
      attentionHeads: count(fields, 'n_heads'),
      intermediateSize: count(fields, 'hidden_dim'),
      activation: readActivation(fields, 'activation'),
      maxPositionEmbeddings: count(fields, 'max_position_embeddings', 512),
      typeVocabularySize: 0,
      padTokenId: index(fields, 'pad_token_id', 0),
      // Not in config.json: hard-coded in transformers.
      layerNormEps: 1e-12,
      hiddenDropout: rate(fields, 'dropout'),
      attentionDropout: rate(fields, 'attention_dropout'),
      initializerRange: positive(fields, 'initializer_range', 0.02),
      own: { sinusoidal_pos_embds: flag(fields, 'sinusoidal_pos_embds', false) },
    };
  },
  writeConfig: (config) => ({
    vocab_size: config.vocabularySize,
    dim: config.hiddenSize,
    n_layers: config.hiddenLayers,
    n_heads: config.attentionHeads,
    hidden_dim: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    pad_token_id: config.padTokenId,
    activation: config.activation,
    dropout: config.hiddenDropout,
    attention_dropout: config.attentionDropout,
    initializer_range: config.initializerRange,
    ...config.own,
    tie_word_embeddings: true,
  }),
  paddingPosition: () => null,
  words,
  encode(scope, inputs) {
    let hidden = embed(scope, inputs);
    const layers = scope.at(prefix).at('transformer').at('layer');
    for (let layer = 0; layer < scope.config.hiddenLayers; layer++) {
      hidden = encodeLayer(layers.atLayer(layer), hidden, inputs.attentionBias);
    }
    return hidden;
  },
  maskedLmHead(scope, masked) {
    const { graph, config } = scope;
    const dense = scope.linear('vocab_transform', config.hiddenSize, masked, {
      inNewHead: 'identity',
    });
    return {
      hidden: scope.norm('vocab_layer_norm', activate(graph, config.activation, dense)),
      bias: scope.at('vocab_projector').bias('bias', config.vocabularySize, {
        inNewHead: 'logFrequencies',
      }),
    };
  },
  spellings: (name) =>
    name.startsWith(`${prefix}.`) ? [name, name.slice(prefix.length + 1)] : [name],
  outputMatrix: 'vocab_projector.weight',
};

function words(scope: Scope): Value {
  const { vocabularySize, hiddenSize, padTokenId } = scope.config;
  return scope
    .at(prefix)
    .at('embeddings')
    .table('word_embeddings', [vocabularySize, hiddenSize], { paddingRow: padTokenId });
}

function embed(scope: Scope, inputs: EncoderInputs): Value {
  const { graph, config } = scope;
  const at = scope.at(prefix).at('embeddings');
  const word = gatherRows(graph, words(scope), inputs.inputIds);
  const positions = at.table('position_embeddings', [
    config.maxPositionEmbeddings,
    config.hiddenSize,
  ]);
  const sum = add(graph, word, gatherRows(graph, positions, inputs.positionIds));
  return at.drop(at.norm('LayerNorm', sum), dropoutSites.embeddings);
}

function encodeLayer(scope: Scope, x: Value, bias: Value): Value {
  const { graph, config } = scope;
  const attention = scope.at('attention');
  const names = { query: 'q_lin', key: 'k_lin', value: 'v_lin' };
  const attended = selfAttention(attention, x, bias, names);
  const projected = attention.linear('out_lin', config.hiddenSize, attended, {
    lora: 'attention.output',
  });
  const middle = scope.norm('sa_layer_norm', add(graph, projected, x));

  const ffn = scope.at('ffn');
  const wide = ffn.linear('lin1', config.intermediateSize, middle, { lora: 'intermediate' });
  const active = activate(graph, config.activation, wide);
  const narrow = ffn.linear('lin2', config.hiddenSize, active, { lora: 'output' });
  const kept = scope.drop(narrow, dropoutSites.output);
  return scope.norm('output_layer_norm', add(graph, kept, middle));
}
