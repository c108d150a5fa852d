/**
 * Hyperparameters of an encoder, and Hugging Face's `config.json` both ways. What we cannot compute
 * faithfully is refused by name, never ignored.
 */
import { usageError } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import { families, familyOf } from './families.js';
import type { ModelType } from './families.js';

/** Hyperparameters of an encoder, camelCase of Hugging Face's `config.json`. */
export interface EncoderConfig {
  readonly modelType: ModelType;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly hiddenLayers: number;
  readonly attentionHeads: number;
  readonly intermediateSize: number;
  /** Rows of the position table (RoBERTa: tokens + 2). */
  readonly maxPositionEmbeddings: number;
  readonly typeVocabularySize: number;
  readonly padTokenId: number;
  readonly layerNormEps: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly initializerRange: number;
}

/** Reads `config.json`; a field that Hugging Face gives a default may be left out. */
export function parseEncoderConfig(json: unknown): EncoderConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw usageError('config.json must hold a JSON object: choose a Hugging Face model folder.');
  }
  const fields = json as Readonly<Record<string, unknown>>;
  const modelType = supportedType(fields['model_type']);
  refuseUnsupported(fields);
  const count = (name: string, fallback?: number): number =>
    number(fields, name, { fallback, valid: (value) => Number.isInteger(value) && value > 0 });
  const rate = (name: string): number =>
    number(fields, name, { fallback: 0.1, valid: (value) => value >= 0 && value < 1 });
  const config: EncoderConfig = {
    modelType,
    vocabularySize: count('vocab_size'),
    hiddenSize: count('hidden_size'),
    hiddenLayers: count('num_hidden_layers'),
    attentionHeads: count('num_attention_heads'),
    intermediateSize: count('intermediate_size'),
    maxPositionEmbeddings: count('max_position_embeddings', 512),
    typeVocabularySize: count('type_vocab_size', 2),
    padTokenId: number(fields, 'pad_token_id', {
      fallback: familyOf({ modelType }).padTokenId,
      valid: isIndex,
    }),
    layerNormEps: number(fields, 'layer_norm_eps', { fallback: 1e-12, valid: isPositive }),
    hiddenDropout: rate('hidden_dropout_prob'),
    attentionDropout: rate('attention_probs_dropout_prob'),
    initializerRange: number(fields, 'initializer_range', { fallback: 0.02, valid: isPositive }),
  };
  checkConsistency(config);
  return config;
}

/** `config.json` as transformers reads it, without `architectures` and `dtype`: those say what was saved. */
export function toHuggingFaceConfig(config: EncoderConfig): Record<string, unknown> {
  return {
    model_type: config.modelType,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.hiddenLayers,
    num_attention_heads: config.attentionHeads,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    type_vocab_size: config.typeVocabularySize,
    pad_token_id: config.padTokenId,
    ...familyOf(config).ownConfigFields,
    layer_norm_eps: config.layerNormEps,
    hidden_act: 'gelu',
    hidden_dropout_prob: config.hiddenDropout,
    attention_probs_dropout_prob: config.attentionDropout,
    initializer_range: config.initializerRange,
    position_embedding_type: 'absolute',
    tie_word_embeddings: true,
  };
}

/** Position of a sequence's first token. */
export function firstPosition(config: EncoderConfig): number {
  const padding = familyOf(config).paddingPosition(config);
  return padding === null ? 0 : padding + 1;
}

/**
 * Longest sequence that the model takes, special tokens included. RoBERTa counts positions from its
 * padding index + 1, so that 514 positions are 512 tokens.
 */
export function longestSequence(config: EncoderConfig): number {
  return config.maxPositionEmbeddings - firstPosition(config);
}

function supportedType(type: unknown): ModelType {
  if (typeof type === 'string' && Object.hasOwn(families, type)) return type as ModelType;
  throw usageError(
    `The model type ${JSON.stringify(type ?? null)} is not supported: choose a RoBERTa or BERT model (model_type "roberta" or "bert").`,
  );
}

function refuseUnsupported(fields: Readonly<Record<string, unknown>>): void {
  refuse(fields, 'hidden_act', ['gelu'], 'activation');
  refuse(fields, 'position_embedding_type', ['absolute'], 'position embedding type');
  refuse(fields, 'is_decoder', [false], 'setting is_decoder');
  refuse(fields, 'add_cross_attention', [false], 'setting add_cross_attention');
  refuse(fields, 'tie_word_embeddings', [true], 'untied head: tie_word_embeddings');
}

function refuse(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  supported: readonly (string | boolean)[],
  what: string,
): void {
  const value = fields[name];
  if (value === undefined || value === null) return;
  if (!supported.some((allowed) => allowed === value)) {
    throw usageError(
      `The model's ${what} ${JSON.stringify(value)} is not supported: choose a model with ${name} ${JSON.stringify(supported[0])}.`,
    );
  }
}

interface NumberRule {
  readonly fallback: number | undefined;
  readonly valid: (value: number) => boolean;
}

function number(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  { fallback, valid }: NumberRule,
): number {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isFinite(value) || !valid(value)) {
    throw invalid(`${name} is ${JSON.stringify(value ?? null)}`);
  }
  return value;
}

function checkConsistency(config: EncoderConfig): void {
  if (config.hiddenSize % config.attentionHeads !== 0) {
    throw invalid(
      `hidden_size ${config.hiddenSize} is no multiple of num_attention_heads ${config.attentionHeads}`,
    );
  }
  if (config.padTokenId >= config.vocabularySize) {
    throw invalid(`pad_token_id ${config.padTokenId} is outside the vocabulary`);
  }
  // Two special tokens and one of the text.
  if (longestSequence(config) < 3) {
    throw invalid(
      `max_position_embeddings ${config.maxPositionEmbeddings} leaves no position for text`,
    );
  }
}

function invalid(what: string): UserError {
  return usageError(
    `config.json does not describe a model, since ${what}: correct it or choose another model.`,
  );
}

const isIndex = (value: number): boolean => Number.isInteger(value) && value >= 0;
const isPositive = (value: number): boolean => value > 0;
