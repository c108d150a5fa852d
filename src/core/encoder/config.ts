import type { FamilyName } from '../../protocol/catalogue/families.js';

/** Hyperparameters of an encoder, whatever its family calls them in its `config.json`. */
export interface EncoderConfig {
  /** Hugging Face's `model_type`, which names the family. */
  readonly modelType: FamilyName;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly hiddenLayers: number;
  readonly attentionHeads: number;
  readonly intermediateSize: number;
  /** Rows of the position table (RoBERTa: tokens + 2). */
  readonly maxPositionEmbeddings: number;
  /** 0 where the family knows no token types. */
  readonly typeVocabularySize: number;
  readonly padTokenId: number;
  readonly layerNormEps: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly initializerRange: number;
  /** What only this family knows, under its names in `config.json`. */
  readonly own?: Readonly<Record<string, string | number | boolean>>;
}
