/** A language of two topics that a tiny encoder learns within seconds, and a tokenizer for it. */
import { createRandom } from '../../../src/core/base/random.js';
import type { Document } from '../../../src/core/corpus/document.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import { initialParameters } from '../../../src/core/encoder/parameters.js';
import type { Tokenizer } from '../../../src/core/tokens/tokenizer.js';

export const toyConfig: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: 48,
  hiddenSize: 32,
  hiddenLayers: 2,
  attentionHeads: 2,
  intermediateSize: 64,
  activation: 'gelu',
  maxPositionEmbeddings: 98,
  typeVocabularySize: 1,
  padTokenId: 1,
  layerNormEps: 1e-5,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  initializerRange: 0.02,
};

/** Words are numbers: "5" is token 5. */
export const toyTokenizer: Tokenizer = {
  kind: 'byte-level-bpe',
  vocabularySize: 48,
  special: { cls: 0, pad: 1, sep: 2, unk: 3, mask: 4 },
  specialIds: new Set([0, 1, 2, 3, 4]),
  encode: (text) =>
    Int32Array.from(
      text.split(' ').filter((word) => word !== ''),
      Number,
    ),
  countTokens: (text) => text.split(' ').length,
  isWordStart: () => true,
  files: { tokenizerJson: {}, tokenizerConfig: {} },
};

/** Notes of one topic use tokens 5..14, of the other 15..24, each token followed by its partner. */
export function toyDocuments(count: number, words: number | null, name: string): Document[] {
  const random = createRandom(11, name);
  return Array.from({ length: count }, (_, i) => {
    const length = words ?? 3 + random.integer(60);
    const ids: number[] = [];
    while (ids.length < length) {
      const id = 5 + 10 * (i % 2) + random.integer(10);
      ids.push(id, id + 20);
    }
    return {
      id: `${name}-${i}`,
      text: ids.slice(0, length).join(' '),
      category: null,
      label: null,
      group: null,
      date: null,
      split: null,
      fields: {},
      file: null,
      row: i + 1,
    };
  });
}

export function toyParameters(config: EncoderConfig = toyConfig): Map<string, Float32Array> {
  const specs = parameterSpecs(config, { mlmHead: true });
  return initialParameters(specs, config, createRandom(2, 'initial'));
}
