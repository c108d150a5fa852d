/** Builds tokenizer.json and tokenizer_config.json for a RoBERTa vocabulary that was learned here. */
import { buildFiles } from './buildFiles.js';
import { robertaLayout } from './robertaLayout.js';
import type { TokenizerFiles } from './tokenizer.js';

/** In the order of their ids in a vocabulary trained here. */
export const robertaSpecialTokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'] as const;

export function robertaTokenizerFiles(
  vocabulary: Readonly<Record<string, number>>,
  merges: readonly (readonly [string, string])[],
): TokenizerFiles {
  return buildFiles(
    {
      path: '',
      tokenizerJson: null,
      // As in RoBERTa's own files: the mask token absorbs the space before it.
      config: { model_max_length: 512, mask_token: { content: '<mask>', lstrip: true } },
      modelConfig: {},
      specialTokensMap: null,
      addedTokens: null,
      wordPieces: null,
      bytePairs: null,
      sentencePiece: null,
    },
    { layout: robertaLayout, vocabulary: { vocab: vocabulary, merges, charsmap: null } },
  );
}
