import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import { activationNames } from '../../../src/core/encoder/activation.js';
import {
  parseEncoderConfig,
  toHuggingFaceConfig,
} from '../../../src/core/encoder/huggingFaceConfig.js';
import { longestSequence } from '../../../src/core/encoder/positions.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { familyNames } from '../../../src/protocol/catalogue/families.js';
import { otherFamilies } from '../../../src/protocol/catalogue/otherFamilies.js';

const config: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: 8000,
  hiddenSize: 256,
  hiddenLayers: 4,
  attentionHeads: 4,
  intermediateSize: 1024,
  activation: 'gelu',
  maxPositionEmbeddings: 514,
  typeVocabularySize: 1,
  padTokenId: 1,
  layerNormEps: 1e-5,
  hiddenDropout: 0.1,
  attentionDropout: 0,
  initializerRange: 0.02,
  own: { bos_token_id: 0, eos_token_id: 2 },
};
const json = toHuggingFaceConfig(config);

const bert: EncoderConfig = {
  ...withoutOwn(config),
  modelType: 'bert',
  maxPositionEmbeddings: 512,
  typeVocabularySize: 2,
  padTokenId: 0,
  layerNormEps: 1e-12,
};

const distilbert: EncoderConfig = {
  ...bert,
  modelType: 'distilbert',
  typeVocabularySize: 0,
  own: { sinusoidal_pos_embds: true },
};

const others: readonly EncoderConfig[] = [
  { ...config, modelType: 'xlm-roberta' },
  // As camembert-base has them.
  { ...config, modelType: 'camembert', own: { bos_token_id: 5, eos_token_id: 6 } },
  {
    ...config,
    modelType: 'mpnet',
    typeVocabularySize: 0,
    own: { bos_token_id: 0, eos_token_id: 2, relative_attention_num_buckets: 32 },
  },
  { ...bert, modelType: 'megatron-bert' },
  { ...bert, modelType: 'electra', own: { embedding_size: 128 } },
];

function withoutOwn({ own: _own, ...rest }: EncoderConfig): EncoderConfig {
  return rest;
}

describe("Hugging Face's config.json", () => {
  it.each([config, bert, distilbert, ...others])(
    'survives a round trip as $modelType',
    (original) => {
      const written = JSON.stringify(toHuggingFaceConfig(original));
      expect(parseEncoderConfig(JSON.parse(written))).toEqual(original);
      expect(longestSequence(original)).toBe(512);
    },
  );

  it('of BERT names no begin and end, and pads with 0 where it says nothing', () => {
    const fields = toHuggingFaceConfig(bert);
    expect(Object.keys(fields).filter((name) => /^(bos|eos)/.test(name))).toEqual([]);
    expect(parseEncoderConfig({ ...fields, pad_token_id: undefined }).padTokenId).toBe(0);
    expect(parseEncoderConfig({ ...json, pad_token_id: undefined }).padTokenId).toBe(1);
  });

  it('reads DistilRoBERTa, a RoBERTa of six layers', () => {
    const distil = { ...json, num_hidden_layers: 6, hidden_size: 768, num_attention_heads: 12 };
    expect(parseEncoderConfig(distil)).toMatchObject({ modelType: 'roberta', hiddenLayers: 6 });
  });

  it.each([
    [
      'hidden_act',
      'gelu_fast',
      /activation "gelu_fast" is not supported: choose .* hidden_act "gelu", .* or "silu"/,
    ],
    ['hidden_act', 'toString', /activation "toString"/],
    ['position_embedding_type', 'relative_key', /position embedding type "relative_key"/],
    ['is_decoder', true, /is_decoder true/],
    ['add_cross_attention', true, /add_cross_attention true/],
    ['model_type', 'constructor', /"constructor" is not supported/],
    ['model_type', 'whisper', /"whisper" is not supported: choose a RoBERTa, .* model/],
    ['model_type', 'longformer', /\(Longformer\) .* choose a model of the family ModernBERT/],
    [
      'model_type',
      'deberta-v2',
      /\(DeBERTa-v2 and v3\) .* RoBERTa instead \(model_type "roberta"\)/,
    ],
    ['model_type', 't5', /"t5" \(T5\) is not supported: .* MPNet instead/],
    ['num_attention_heads', 3, /not a multiple of its 3 attention heads/],
    ['hidden_size', 0, /hidden_size is 0/],
    ['vocab_size', '8000', /vocab_size is "8000"/],
    ['hidden_dropout_prob', 1, /hidden_dropout_prob is 1/],
    ['layer_norm_eps', null, undefined],
    ['pad_token_id', 8000, /outside the vocabulary/],
    ['max_position_embeddings', 2, /its 2 positions leave none for text/],
  ])('with %s %j is judged by name', (name, value, message) => {
    const parse = (): EncoderConfig => parseEncoderConfig({ ...json, [name]: value });
    if (message === undefined) {
      expect(parse().layerNormEps).toBe(1e-12);
      return;
    }
    expect(parse).toThrow(message);
    expect(parse).toThrow(UserError);
  });

  it('sends nobody from one refused family to another', () => {
    for (const [type, { instead }] of Object.entries(otherFamilies)) {
      expect(familyNames).toContain(instead);
      expect(familyNames).not.toContain(type);
    }
  });

  it.each([
    ['mpnet', { pad_token_id: 0 }, /padding token 0 .* pad_token_id 1/],
    ['mpnet', { relative_attention_num_buckets: 16 }, /relative_attention_num_buckets 16/],
    ['electra', { embedding_size: 0 }, /embedding_size is 0/],
    ['electra', { hidden_act: 'mish' }, /activation "mish"/],
    ['megatron-bert', { is_decoder: true }, /is_decoder true/],
    ['xlm-roberta', { position_embedding_type: 'relative_key' }, /position embedding type/],
  ])('of %s with %j is refused by name', (modelType, fields, message) => {
    const original = others.find((other) => other.modelType === modelType)!;
    const parse = () => parseEncoderConfig({ ...toHuggingFaceConfig(original), ...fields });
    expect(parse).toThrow(message);
    expect(parse).toThrow(UserError);
  });

  it.each(activationNames)('keeps the activation %s', (activation) => {
    for (const original of [config, bert, distilbert]) {
      const changed = { ...original, activation };
      expect(parseEncoderConfig(toHuggingFaceConfig(changed))).toEqual(changed);
    }
  });

  it.each([null, 'roberta', []])('is refused when it is %j', (value) => {
    expect(() => parseEncoderConfig(value)).toThrow(UserError);
  });
});

describe("DistilBERT's config.json", () => {
  // As distilbert-base-uncased has it.
  const own = {
    activation: 'gelu',
    architectures: ['DistilBertForMaskedLM'],
    attention_dropout: 0.2,
    dim: 768,
    dropout: 0.1,
    hidden_dim: 3072,
    initializer_range: 0.02,
    max_position_embeddings: 512,
    model_type: 'distilbert',
    n_heads: 12,
    n_layers: 6,
    pad_token_id: 0,
    qa_dropout: 0.1,
    seq_classif_dropout: 0.2,
    sinusoidal_pos_embds: false,
    tie_weights_: true,
    vocab_size: 30_522,
  };

  it('has names of its own for the same things', () => {
    expect(parseEncoderConfig(own)).toEqual({
      modelType: 'distilbert',
      vocabularySize: 30_522,
      hiddenSize: 768,
      hiddenLayers: 6,
      attentionHeads: 12,
      intermediateSize: 3072,
      activation: 'gelu',
      maxPositionEmbeddings: 512,
      typeVocabularySize: 0,
      padTokenId: 0,
      layerNormEps: 1e-12,
      hiddenDropout: 0.1,
      attentionDropout: 0.2,
      initializerRange: 0.02,
      own: { sinusoidal_pos_embds: false },
    });
  });

  it.each([
    ['activation', 'tanh', /activation "tanh" is not supported/],
    ['dim', undefined, /dim is null/],
    ['n_heads', 5, /hidden size 768 is not a multiple of its 5 attention heads/],
    ['sinusoidal_pos_embds', 'yes', /sinusoidal_pos_embds is "yes"/],
  ])('with %s %j is refused by name', (name, value, message) => {
    const parse = (): EncoderConfig => parseEncoderConfig({ ...own, [name]: value });
    expect(parse).toThrow(message);
    expect(parse).toThrow(UserError);
  });
});
