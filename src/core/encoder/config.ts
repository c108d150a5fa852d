import type { FamilyName } from '../../protocol/catalogue/families.js';
import type { ActivationName } from './activation.js';

/** An encoder's hyperparameters, independent of the names that its family uses in `config.json`. */
export interface EncoderConfig {
  /** Hugging Face's `model_type`, which names the family. */
  readonly modelType: FamilyName;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly hiddenLayers: number;
  readonly attentionHeads: number;
  readonly intermediateSize: number;
  /** Of the middle of a layer. */
  readonly activation: ActivationName;
  /** Rows of the position table (RoBERTa: tokens + 2). */
  readonly maxPositionEmbeddings: number;
  /** 0 for families without token types. */
  readonly typeVocabularySize: number;
  readonly padTokenId: number;
  readonly layerNormEps: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly initializerRange: number;
  /** Settings specific to this family, under their names in `config.json`. */
  readonly own?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}
