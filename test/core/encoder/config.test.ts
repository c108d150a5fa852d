import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.js';
import { parseEncoderConfig, toHuggingFaceConfig } from '../../../src/core/encoder/config.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';

const config: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: 8000,
  hiddenSize: 256,
  hiddenLayers: 4,
  attentionHeads: 4,
  intermediateSize: 1024,
  maxPositionEmbeddings: 514,
  typeVocabularySize: 1,
  padTokenId: 1,
  layerNormEps: 1e-5,
  hiddenDropout: 0.1,
  attentionDropout: 0,
  initializerRange: 0.02,
};
const json = toHuggingFaceConfig(config);

describe("Hugging Face's config.json", () => {
  it('survives a round trip', () => {
    expect(parseEncoderConfig(JSON.parse(JSON.stringify(json)))).toEqual(config);
  });

  it.each([
    ['hidden_act', 'gelu_new', /activation "gelu_new"/],
    ['position_embedding_type', 'relative_key', /position embedding type "relative_key"/],
    ['is_decoder', true, /is_decoder true/],
    ['add_cross_attention', true, /add_cross_attention true/],
    ['tie_word_embeddings', false, /untied head/],
    ['model_type', 'bert', /BERT models cannot be used yet/],
    ['model_type', 'gpt2', /"gpt2" is not supported/],
    ['num_attention_heads', 3, /no multiple of num_attention_heads 3/],
    ['hidden_size', 0, /hidden_size is 0/],
    ['vocab_size', '8000', /vocab_size is "8000"/],
    ['hidden_dropout_prob', 1, /hidden_dropout_prob is 1/],
    ['layer_norm_eps', null, undefined],
    ['pad_token_id', 8000, /outside the vocabulary/],
    ['max_position_embeddings', 2, /no position after the padding/],
  ])('with %s %j is judged by name', (name, value, message) => {
    const parse = (): EncoderConfig => parseEncoderConfig({ ...json, [name]: value });
    if (message === undefined) {
      expect(parse().layerNormEps).toBe(1e-12);
      return;
    }
    expect(parse).toThrow(message);
    expect(parse).toThrow(UserError);
  });

  it.each([null, 'roberta', []])('is refused when it is %j', (value) => {
    expect(() => parseEncoderConfig(value)).toThrow(UserError);
  });
});
