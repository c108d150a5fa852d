import { modelFileNames } from './fileNames.js';

/** Files that make sentence-transformers pool as we do: the mean over all tokens, not normalised. */
export function sentenceTransformersFiles(model: {
  readonly dimension: number;
  readonly maxTokens: number;
}): Record<string, object> {
  return {
    [modelFileNames.modules]: [
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      {
        idx: 1,
        name: '1',
        path: modelFileNames.poolingFolder,
        type: 'sentence_transformers.models.Pooling',
      },
    ],
    [modelFileNames.pooling]: {
      word_embedding_dimension: model.dimension,
      pooling_mode_cls_token: false,
      pooling_mode_mean_tokens: true,
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
    },
    [modelFileNames.sentenceBert]: { max_seq_length: model.maxTokens, do_lower_case: false },
    [modelFileNames.sentenceTransformer]: { similarity_fn_name: 'cosine' },
  };
}
