/** transformers' RobertaTokenizer: byte-level BPE. */
import { flag } from './layout.js';
import type { Layout, SourceVocabulary } from './layout.js';

export const robertaLayout: Layout = {
  className: 'RobertaTokenizer',
  modelType: 'BPE',
  specialNames: {
    bos_token: '<s>',
    eos_token: '</s>',
    unk_token: '<unk>',
    sep_token: '</s>',
    pad_token: '<pad>',
    cls_token: '<s>',
    mask_token: '<mask>',
  },
  maskAbsorbsSpace: false,
  around: ['cls_token', 'sep_token'],
  build({ vocab, merges }, settings) {
    const prefixes = flag(settings, 'add_prefix_space', false);
    const byteLevel = { type: 'ByteLevel', trim_offsets: true, use_regex: true };
    return {
      normalizer: null,
      pre_tokenizer: { ...byteLevel, add_prefix_space: prefixes },
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
        vocab,
        merges: joinedMerges(merges),
      },
      settings: { add_prefix_space: prefixes },
    };
  },
  postProcessor: (before, after) => ({
    type: 'RobertaProcessing',
    sep: [after.token, after.id],
    cls: [before.token, before.id],
    trim_offsets: true,
    add_prefix_space: false,
  }),
};

/** As text, which older readers need, unless a token holds a space. */
function joinedMerges(merges: SourceVocabulary['merges']): SourceVocabulary['merges'] {
  const pairs = merges.filter((merge) => typeof merge !== 'string');
  if (pairs.some((pair) => pair.some((token) => token.includes(' ')))) return merges;
  return merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')));
}
