/** Embeddings, layers and configuration that several families share, under the same names. */
import type { Value } from '../graph/graph.js';
import { add, gatherRows } from '../graph/ops.js';
import { activate, readActivation } from './activation.js';
import { attentionToEmbedding, selfAttention } from './attention.js';
import type { EncoderConfig } from './config.js';
import { readSizes, count, index, positive, rate, requireValue } from './configFields.js';
import type { ConfigJson } from './configFields.js';
import type { DecoderSource, EncoderInputs } from './family.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

/** @param width of the embeddings, if it is not that of the hidden states */
export function bertWords(scope: Scope, width = scope.config.hiddenSize): Value {
  const { vocabularySize, padTokenId } = scope.config;
  return scope
    .at('embeddings')
    .table('word_embeddings', [vocabularySize, width], { paddingRow: padTokenId });
}

/**
 * @param paddingPosition row of the position table reserved for padding
 * @param source what the layers attend to as a decoder, by parameters under transformers' names
 */
export function bertEncoder(
  scope: Scope,
  inputs: EncoderInputs,
  paddingPosition: number | null,
  source: DecoderSource | null = null,
): Value {
  const at = scope.at('embeddings');
  const sum = bertEmbeddingSum(scope, inputs, { paddingPosition });
  const embedded = at.drop(at.norm('LayerNorm', sum), dropoutSites.embeddings);
  return bertStack(scope, embedded, inputs.attentionBias, source);
}

/** Embeddings of words, token types and positions, added up. */
export function bertEmbeddingSum(
  scope: Scope,
  inputs: EncoderInputs,
  { paddingPosition = null, width = scope.config.hiddenSize }: EmbeddingOptions = {},
): Value {
  const { graph, config } = scope;
  const at = scope.at('embeddings');
  const words = bertWords(scope, width);
  const positions = at.table(
    'position_embeddings',
    [config.maxPositionEmbeddings, width],
    paddingPosition === null ? {} : { paddingRow: paddingPosition },
  );
  const types = at.table('token_type_embeddings', [config.typeVocabularySize, width]);
  const word = gatherRows(graph, words, inputs.inputIds);
  const type = gatherRows(graph, types, inputs.tokenTypeIds);
  const position = gatherRows(graph, positions, inputs.positionIds);
  return add(graph, add(graph, word, type), position);
}

interface EmbeddingOptions {
  readonly paddingPosition?: number | null;
  readonly width?: number;
}

/** The layers over embeddings [..., hiddenSize]. */
export function bertStack(
  scope: Scope,
  embedded: Value,
  bias: Value,
  source: DecoderSource | null = null,
): Value {
  const layers = scope.at('encoder').at('layer');
  let hidden = embedded;
  for (let layer = 0; layer < scope.config.hiddenLayers; layer++) {
    hidden = bertLayer(layers.atLayer(layer), hidden, bias, source);
  }
  return hidden;
}

function bertLayer(scope: Scope, x: Value, bias: Value, source: DecoderSource | null): Value {
  const { graph } = scope;
  const attended = bertAttention(scope, x, bias);
  const output = scope.at('attention').at('output');
  const own = output.norm('LayerNorm', add(graph, attended, x));
  const middle = source === null ? own : crossAttention(scope, own, source);
  const narrow = bertFeedForward(scope, middle);
  return scope.at('output').norm('LayerNorm', add(graph, narrow, middle));
}

/** Attention and its output matrix, without the residual. */
export function bertAttention(scope: Scope, x: Value, bias: Value): Value {
  const at = scope.at('attention');
  const names = { query: 'query', key: 'key', value: 'value' };
  const attended = selfAttention(at.at('self'), x, bias, names);
  const output = at.at('output');
  const lora = 'attention.output';
  const projected = output.linear('dense', scope.config.hiddenSize, attended, { lora });
  return output.drop(projected, dropoutSites.attentionOutput);
}

/** The two matrices after attention, without the residual. */
export function bertFeedForward(scope: Scope, x: Value): Value {
  const { graph, config } = scope;
  const wide = scope
    .at('intermediate')
    .linear('dense', config.intermediateSize, x, { lora: 'intermediate' });
  const output = scope.at('output');
  const active = activate(graph, config.activation, wide);
  const narrow = output.linear('dense', config.hiddenSize, active, { lora: 'output' });
  return output.drop(narrow, dropoutSites.output);
}

function crossAttention(scope: Scope, x: Value, source: DecoderSource): Value {
  const at = scope.addition('crossattention');
  const output = at.at('output');
  const context = attentionToEmbedding(at.at('self'), source, 'value');
  const projected = output.linear('dense', scope.config.hiddenSize, context);
  const kept = output.drop(projected, dropoutSites.crossOutput);
  return output.norm('LayerNorm', add(scope.graph, kept, x));
}

/** If `config.json` does not name a padding token, it is `padTokenId`. */
export function readBertConfig(
  fields: ConfigJson,
  padTokenId: number,
): Omit<EncoderConfig, 'modelType'> {
  requireValue(fields, 'position_embedding_type', 'absolute', 'position embedding type');
  requireValue(fields, 'is_decoder', false, 'setting is_decoder');
  requireValue(fields, 'add_cross_attention', false, 'setting add_cross_attention');
  return {
    ...readSizes(fields),
    activation: readActivation(fields, 'hidden_act'),
    maxPositionEmbeddings: count(fields, 'max_position_embeddings', 512),
    typeVocabularySize: count(fields, 'type_vocab_size', 2),
    padTokenId: index(fields, 'pad_token_id', padTokenId),
    layerNormEps: positive(fields, 'layer_norm_eps', 1e-12),
    hiddenDropout: rate(fields, 'hidden_dropout_prob'),
    attentionDropout: rate(fields, 'attention_probs_dropout_prob'),
    initializerRange: positive(fields, 'initializer_range', 0.02),
  };
}

/** The inverse, with the fields that only one family has. */
export function writeBertConfig(config: EncoderConfig): Record<string, unknown> {
  return {
    ...writeLayerConfig(config),
    type_vocab_size: config.typeVocabularySize,
    position_embedding_type: 'absolute',
  };
}

/** What every family with BERT's names for its hyperparameters writes. */
export function writeLayerConfig(config: EncoderConfig): Record<string, unknown> {
  return {
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.hiddenLayers,
    num_attention_heads: config.attentionHeads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    pad_token_id: config.padTokenId,
    ...config.own,
    layer_norm_eps: config.layerNormEps,
    hidden_act: config.activation,
    hidden_dropout_prob: config.hiddenDropout,
    attention_probs_dropout_prob: config.attentionDropout,
    initializer_range: config.initializerRange,
    tie_word_embeddings: true,
  };
}

/**
 * Bare encoders have no prefix, encoders converted from the other family have its prefix, and old
 * checkpoints call LayerNorm's parameters gamma and beta.
 */
export function bertSpellings(name: string): string[] {
  const bare = name.replace(/^(bert|roberta)\./, '');
  return [name, bare, `roberta.${bare}`, `bert.${bare}`].flatMap((spelling) => [
    spelling,
    spelling.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma'),
    spelling.replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ]);
}
