/**
 * Builds tokenizer.json and tokenizer_config.json for a RoBERTa vocabulary, as transformers writes
 * them.
 */
import type { TokenizerFiles } from './tokenizer.js';

/** In the order of their ids in a vocabulary trained here. */
export const robertaSpecialTokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'] as const;

export function robertaTokenizerFiles(
  vocabulary: Readonly<Record<string, number>>,
  merges: readonly (readonly [string, string])[],
): TokenizerFiles {
  const has = (token: string): boolean => Object.hasOwn(vocabulary, token);
  const id = (token: string): number => vocabulary[token] ?? 0;
  const byteLevel = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  };
  return {
    tokenizerJson: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: robertaSpecialTokens.filter(has).map((content) => ({
        id: id(content),
        content,
        single_word: false,
        // As in RoBERTa: the mask token absorbs the space before it.
        lstrip: content === '<mask>',
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: {
        type: 'RobertaProcessing',
        sep: ['</s>', id('</s>')],
        cls: ['<s>', id('<s>')],
        trim_offsets: true,
        add_prefix_space: false,
      },
      decoder: { ...byteLevel, add_prefix_space: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: vocabulary,
        merges: merges.map(([left, right]) => `${left} ${right}`),
      },
    },
    tokenizerConfig: {
      add_prefix_space: false,
      bos_token: '<s>',
      clean_up_tokenization_spaces: false,
      cls_token: '<s>',
      eos_token: '</s>',
      errors: 'replace',
      mask_token: '<mask>',
      model_max_length: 512,
      pad_token: '<pad>',
      sep_token: '</s>',
      tokenizer_class: 'RobertaTokenizer',
      trim_offsets: true,
      unk_token: '<unk>',
    },
  };
}
