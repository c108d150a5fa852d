/** Notes of equal length whose words follow Zipf's law; numbers stand for tokens. */
import { createRandom } from '../../src/core/base/random.js';
import type { Document } from '../../src/core/corpus/document.js';
import type { EncoderConfig } from '../../src/core/encoder/config.js';
import type { Tokenizer } from '../../src/core/tokens/tokenizer.js';

export const benchConfig: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: 8192,
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
  attentionDropout: 0.1,
  initializerRange: 0.02,
};

export const benchTokenizer: Tokenizer = {
  kind: 'byte-level-bpe',
  vocabularySize: benchConfig.vocabularySize,
  special: { cls: 0, pad: 1, sep: 2, unk: 3, mask: 4 },
  specialIds: new Set([0, 1, 2, 3, 4]),
  encode: (text) => Int32Array.from(text.split(' '), Number),
  countTokens: (text) => text.split(' ').length,
  isWordStart: () => true,
  files: { tokenizerJson: {}, tokenizerConfig: {} },
};

export function benchDocuments(count: number, tokens: number): Document[] {
  const random = createRandom(1, 'bench documents');
  const ordinary = benchConfig.vocabularySize - 5;
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    text: Array.from({ length: tokens }, () => 4 + Math.ceil(ordinary ** random.next())).join(' '),
    category: null,
    label: null,
    group: null,
    date: null,
    split: null,
    fields: {},
    file: null,
    row: i + 1,
  }));
}
