/**
 * The `config.json` of NomicBERT: with the names of GPT-2 as its makers publish it, or with those of
 * transformers 5.
 */
import { readActivation } from './activation.js';
import type { ActivationName } from './activation.js';
import type { EncoderConfig } from './config.js';
import {
  readSizes,
  count,
  index,
  invalidConfig,
  positive,
  rate,
  requireValue,
} from './configFields.js';
import type { ConfigJson } from './configFields.js';

/** The makers' names for what gates. */
const gated: Readonly<Partial<Record<ActivationName, string>>> = { silu: 'swiglu', gelu: 'geglu' };

/** Names in transformers, and the makers' names for the same. */
const otherNames = {
  hidden_size: 'n_embd',
  num_hidden_layers: 'n_layer',
  num_attention_heads: 'n_head',
  intermediate_size: 'n_inner',
  max_position_embeddings: 'n_positions',
  layer_norm_eps: 'layer_norm_epsilon',
  hidden_dropout_prob: 'resid_pdrop',
  attention_probs_dropout_prob: 'attn_pdrop',
} as const;

export function readNomicBertConfig(given: ConfigJson): Omit<EncoderConfig, 'modelType'> {
  const known = Object.entries(otherNames).map(([name, other]): [string, unknown] => [
    name,
    given[name] ?? given[other],
  ]);
  const fields: ConfigJson = { ...given, ...Object.fromEntries(known) };
  for (const name of ['qkv_proj_bias', 'mlp_fc1_bias', 'mlp_fc2_bias']) {
    requireValue(fields, name, false, `bias: ${name}`);
  }
  for (const name of ['prenorm', 'parallel_block', 'use_rms_norm', 'rotary_emb_interleaved']) {
    requireValue(fields, name, false, `setting ${name}`);
  }
  requireValue(fields, 'causal', false, 'setting causal');
  requireValue(fields, 'rotary_emb_fraction', 1, 'share of rotary positions');
  requireValue(fields, 'rotary_emb_scale_base', false, 'scaling of rotary positions');
  requireValue(fields, 'moe_every_n_layers', 0, 'mixture of experts: moe_every_n_layers');
  const hiddenDropout = rate(fields, 'hidden_dropout_prob', 0);
  return {
    ...readSizes(fields),
    activation: activationOf(fields),
    maxPositionEmbeddings: longestUnscaled(fields),
    typeVocabularySize: count(fields, 'type_vocab_size', 2),
    padTokenId: index(fields, 'pad_token_id', 0),
    layerNormEps: positive(fields, 'layer_norm_eps', 1e-12),
    hiddenDropout,
    attentionDropout: rate(fields, 'attention_probs_dropout_prob', 0),
    initializerRange: positive(fields, 'initializer_range', 0.02),
    own: {
      embd_pdrop: rate(fields, 'embd_pdrop', hiddenDropout),
      rotary_emb_base: ropeTheta(fields),
    },
  };
}

/** With both kinds of names. */
export function writeNomicBertConfig(config: EncoderConfig): Record<string, unknown> {
  const own = nomicBertSettings(config);
  const fields = {
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.hiddenLayers,
    num_attention_heads: config.attentionHeads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    layer_norm_eps: config.layerNormEps,
    hidden_dropout_prob: config.hiddenDropout,
    attention_probs_dropout_prob: config.attentionDropout,
  };
  const activation = gated[config.activation];
  return {
    vocab_size: config.vocabularySize,
    ...fields,
    ...Object.fromEntries(
      Object.entries(otherNames).map(([name, other]) => [
        other,
        fields[name as keyof typeof fields],
      ]),
    ),
    type_vocab_size: config.typeVocabularySize,
    pad_token_id: config.padTokenId,
    hidden_act: config.activation,
    ...(activation === undefined ? {} : { activation_function: activation }),
    initializer_range: config.initializerRange,
    ...own,
    rope_parameters: { rope_type: 'default', rope_theta: own.rotary_emb_base },
    rotary_emb_fraction: 1,
    rotary_emb_interleaved: false,
    rotary_emb_scale_base: null,
    rotary_scaling_factor: null,
    qkv_proj_bias: false,
    mlp_fc1_bias: false,
    mlp_fc2_bias: false,
    prenorm: false,
    causal: false,
    tie_word_embeddings: true,
  };
}

/** Under their names in `config.json`. */
export interface NomicBertSettings {
  /** Dropout of the embeddings. */
  readonly embd_pdrop: number;
  readonly rotary_emb_base: number;
}

export function nomicBertSettings({ own = {} }: EncoderConfig): NomicBertSettings {
  return {
    embd_pdrop: rate(own, 'embd_pdrop'),
    rotary_emb_base: positive(own, 'rotary_emb_base', 1000),
  };
}

function activationOf(fields: ConfigJson): ActivationName {
  const published = fields['activation_function'];
  if (published === undefined || published === null || fields['hidden_act'] !== undefined) {
    return readActivation(fields, 'hidden_act', 'silu');
  }
  if (published !== 'geglu') requireValue(fields, 'activation_function', 'swiglu', 'activation');
  return published === 'geglu' ? 'gelu' : 'silu';
}

/** With a scaling factor, positions are scaled in sequences longer than those it was trained on. */
function longestUnscaled(fields: ConfigJson): number {
  const longest = count(fields, 'max_position_embeddings', 2048);
  const scaling = fields['rotary_scaling_factor'] ?? null;
  return scaling === null
    ? longest
    : Math.min(longest, count(fields, 'max_trained_positions', 2048));
}

function ropeTheta(fields: ConfigJson): number {
  const given = fields['rope_parameters'] ?? {};
  if (typeof given !== 'object') throw invalidConfig('rope_parameters is no object');
  const rope = given as ConfigJson;
  requireValue(rope, 'rope_type', 'default', 'scaling of rotary positions');
  return positive({ base: rope['rope_theta'] ?? fields['rotary_emb_base'] }, 'base', 1000);
}
