/** Hyperparameters of an encoder, camelCase of Hugging Face's `config.json`. */
export interface EncoderConfig {
  readonly modelType: 'roberta' | 'bert';
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
