/** Notes of equal length whose words follow Zipf's law; numbers stand for tokens. */
import { createRandom } from '../../src/core/base/random.js';
import type { Document } from '../../src/core/corpus/document.js';
import type { EncoderConfig } from '../../src/core/encoder/config.js';
import type { Tokenizer } from '../../src/core/tokens/tokenizer.js';

/** A model that the benchmarks train, with a batch that suits it. */
export interface BenchSize {
  readonly config: EncoderConfig;
  readonly tokenizer: Tokenizer;
  readonly batch: { readonly sequences: number; readonly length: number };
}

export interface SizeParts {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly sequences: number;
  readonly length: number;
}

export function benchSize({
  layers: hiddenLayers,
  width: hiddenSize,
  heads: attentionHeads,
  vocabulary: vocabularySize,
  sequences,
  length,
}: SizeParts): BenchSize {
  return {
    config: {
      modelType: 'roberta',
      vocabularySize,
      hiddenSize,
      hiddenLayers,
      attentionHeads,
      intermediateSize: 4 * hiddenSize,
      activation: 'gelu',
      maxPositionEmbeddings: 514,
      typeVocabularySize: 1,
      padTokenId: 1,
      layerNormEps: 1e-5,
      hiddenDropout: 0.1,
      attentionDropout: 0.1,
      initializerRange: 0.02,
    },
    tokenizer: {
      kind: 'byte-level-bpe',
      vocabularySize,
      special: { cls: 0, pad: 1, sep: 2, unk: 3, mask: 4 },
      specialIds: new Set([0, 1, 2, 3, 4]),
      encode: (text) => Int32Array.from(text.split(' '), Number),
      countTokens: (text) => text.split(' ').length,
      isWordStart: () => true,
      files: { tokenizerJson: {}, tokenizerConfig: {} },
    },
    batch: { sequences, length },
  };
}

/** Ours, that of MiniLM and that of RoBERTa-base. */
export const sizeParts = {
  '4x256': { layers: 4, width: 256, heads: 4, vocabulary: 8192, sequences: 16, length: 128 },
  '6x384': { layers: 6, width: 384, heads: 12, vocabulary: 30_522, sequences: 8, length: 128 },
  '12x768': { layers: 12, width: 768, heads: 12, vocabulary: 50_265, sequences: 4, length: 128 },
} as const satisfies Record<string, SizeParts>;

export const benchSizes = {
  '4x256': benchSize(sizeParts['4x256']),
  '6x384': benchSize(sizeParts['6x384']),
  '12x768': benchSize(sizeParts['12x768']),
} as const satisfies Record<string, BenchSize>;

export type BenchSizeName = keyof typeof benchSizes;

export function benchDocuments(
  { config }: Pick<BenchSize, 'config'>,
  count: number,
  tokens: number,
): Document[] {
  const random = createRandom(1, 'bench documents');
  const ordinary = config.vocabularySize - 5;
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
