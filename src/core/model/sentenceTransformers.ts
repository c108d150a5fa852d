import { modelFileNames } from './fileNames.js';
import { readModelJson } from './readModelJson.js';

/** Files that make sentence-transformers pool as we do: mean over all tokens, not normalised. */
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

/**
 * How sentence-transformers would pool the hidden states ("mean", "cls", "max", or several); `null`
 * if the folder does not say. We always use the mean.
 */
export async function readPooling(folder: string): Promise<string | null> {
  const config = await readModelJson(folder, modelFileNames.pooling);
  if (config === null) return null;
  const named = config['pooling_mode'];
  const modes = Array.isArray(named)
    ? named.map(String)
    : typeof named === 'string'
      ? [named]
      : Object.keys(config).flatMap((key) => {
          const mode = /^pooling_mode_(.+?)(_tokens?)?$/.exec(key)?.[1];
          return mode !== undefined && config[key] === true ? [mode] : [];
        });
  return modes.length === 0 ? null : modes.join(' + ');
}
