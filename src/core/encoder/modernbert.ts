import type { Value } from '../graph/graph.js';
import { add, gatherRows } from '../graph/ops.js';
import { activate, readActivation } from './activation.js';
import type { EncoderConfig } from './config.js';
import { readSizes, count, index, positive, rate, requireValue } from './configFields.js';
import type { EncoderFamily, EncoderInputs } from './family.js';
import { fusedGate } from './gatedMlp.js';
import { readModernBertSettings, writeModernBertSettings } from './modernbertConfig.js';
import type { ModernBertSettings } from './modernbertConfig.js';
import { fusedSelfAttention, rotaryAttention } from './rotaryAttention.js';
import type { AttentionKind } from './rotaryAttention.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

const prefix = 'model';

/**
 * ModernBERT (Warner et al., 2024): rotary positions, gated layers, norms before each part of a
 * layer, and layers that attend to the whole sequence or to a window around each token.
 */
export const modernbert: EncoderFamily = {
  architectures: { encoder: 'ModernBertModel', maskedLm: 'ModernBertForMaskedLM' },
  readConfig(fields) {
    requireValue(fields, 'decoder_bias', true, 'head without a bias: decoder_bias');
    requireValue(fields, 'is_causal', false, 'setting is_causal');
    requireValue(fields, 'causal_mask', false, 'setting causal_mask');
    return {
      ...readSizes(fields),
      activation: readActivation(fields, 'hidden_activation'),
      maxPositionEmbeddings: count(fields, 'max_position_embeddings', 8192),
      typeVocabularySize: 0,
      padTokenId: index(fields, 'pad_token_id', 50_283),
      layerNormEps: positive(fields, 'norm_eps', 1e-5),
      hiddenDropout: rate(fields, 'mlp_dropout', 0),
      attentionDropout: rate(fields, 'attention_dropout', 0),
      initializerRange: positive(fields, 'initializer_range', 0.02),
      own: { ...readModernBertSettings(fields), ...specialTokenIds(fields) },
    };
  },
  writeConfig: (config) => ({
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.hiddenLayers,
    num_attention_heads: config.attentionHeads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    pad_token_id: config.padTokenId,
    norm_eps: config.layerNormEps,
    hidden_activation: config.activation,
    mlp_dropout: config.hiddenDropout,
    attention_dropout: config.attentionDropout,
    initializer_range: config.initializerRange,
    ...config.own,
    ...writeModernBertSettings(settingsOf(config)),
    decoder_bias: true,
    tie_word_embeddings: true,
  }),
  paddingPosition: () => null,
  attentionSpan: (config, layer) => spanOf(settingsOf(config), layer),
  words: (scope) => words(scope.at(prefix)),
  encode: (scope, inputs) => encode(scope.at(prefix), inputs),
  maskedLmHead(scope, masked) {
    const { graph, config } = scope;
    const settings = settingsOf(config);
    const head = scope.at('head');
    const dense = head.linear('dense', config.hiddenSize, masked, {
      inNewHead: 'identity',
      bias: settings.classifier_bias,
    });
    return {
      hidden: head.norm('norm', activate(graph, settings.classifier_activation, dense), {
        bias: settings.norm_bias,
      }),
      bias: scope
        .at('decoder')
        .bias('bias', config.vocabularySize, { inNewHead: 'logFrequencies' }),
    };
  },
  spellings: (name) =>
    name.startsWith(`${prefix}.`) ? [name, name.slice(prefix.length + 1)] : [name],
  outputMatrix: 'decoder.weight',
};

function settingsOf({ own, hiddenLayers }: EncoderConfig): ModernBertSettings {
  return readModernBertSettings({ ...own, num_hidden_layers: hiddenLayers });
}

/** Those that are given, for transformers; here the tokenizer knows them. */
function specialTokenIds(fields: Readonly<Record<string, unknown>>): Record<string, number> {
  const names = ['bos_token_id', 'eos_token_id', 'cls_token_id', 'sep_token_id'];
  return Object.fromEntries(
    names.flatMap((name) => (typeof fields[name] === 'number' ? [[name, fields[name]]] : [])),
  );
}

function words(scope: Scope): Value {
  const { vocabularySize, hiddenSize, padTokenId } = scope.config;
  return scope
    .at('embeddings')
    .table('tok_embeddings', [vocabularySize, hiddenSize], { paddingRow: padTokenId });
}

function encode(scope: Scope, inputs: EncoderInputs): Value {
  const { graph, config } = scope;
  const settings = settingsOf(config);
  const embeddings = scope.at('embeddings');
  const word = gatherRows(graph, words(scope), inputs.inputIds);
  const bias = settings.norm_bias;
  let hidden = embeddings.drop(
    embeddings.norm('norm', word, { bias }),
    dropoutSites.embeddings,
    settings.embedding_dropout,
  );
  const kinds = new Map<string, AttentionKind>();
  settings.layer_types.forEach((type, layer) => {
    const attend =
      kinds.get(type) ??
      rotaryAttention(scope, inputs, {
        theta: type === 'full_attention' ? settings.global_rope_theta : settings.local_rope_theta,
        span: spanOf(settings, layer),
      });
    kinds.set(type, attend);
    hidden = encodeLayer(scope.at('layers').atLayer(layer), hidden, attend, {
      settings,
      isFirst: layer === 0,
    });
  });
  return scope.ofLayer(scope.config.hiddenLayers - 1).norm('final_norm', hidden, { bias });
}

function spanOf(settings: ModernBertSettings, layer: number): number | null {
  const isFull = settings.layer_types[layer] === 'full_attention';
  return isFull ? null : Math.floor(settings.local_attention / 2);
}

/** The first layer's input is normalised already, by the embeddings. */
function encodeLayer(
  scope: Scope,
  x: Value,
  attend: AttentionKind,
  { settings, isFirst }: { readonly settings: ModernBertSettings; readonly isFirst: boolean },
): Value {
  const { graph, config } = scope;
  const { hiddenSize, attentionDropout } = config;
  const norms = { bias: settings.norm_bias };
  const attention = scope.at('attn');
  const attended = fusedSelfAttention(
    attention,
    isFirst ? x : scope.norm('attn_norm', x, norms),
    attend,
    { name: 'Wqkv', bias: settings.attention_bias },
  );
  const projected = attention.linear('Wo', hiddenSize, attended, {
    lora: 'attention.output',
    bias: settings.attention_bias,
  });
  const kept = attention.drop(projected, dropoutSites.attentionOutput, attentionDropout);
  const middle = add(graph, x, kept);

  const mlp = scope.at('mlp');
  const bias = settings.mlp_bias;
  const wide = fusedGate(mlp, scope.norm('mlp_norm', middle, norms), { name: 'Wi', bias });
  const keptWide = mlp.drop(wide, dropoutSites.output);
  return add(graph, middle, mlp.linear('Wo', hiddenSize, keptWide, { lora: 'output', bias }));
}
