/** transformers' BertTokenizer and MPNetTokenizer, which differ in their special tokens. */
import { flag, template } from './layout.js';
import type { Layout } from './layout.js';

const bertNames = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

export const bertLayout: Layout = {
  className: 'BertTokenizer',
  modelType: 'WordPiece',
  specialNames: bertNames,
  maskAbsorbsSpace: false,
  around: ['cls_token', 'sep_token'],
  build({ vocab }, settings, names) {
    const doLowerCase = flag(settings, 'do_lower_case', true);
    const chinese = flag(settings, 'tokenize_chinese_chars', true);
    // If it is not given, follows `do_lower_case`.
    const accents = settings['strip_accents'];
    const stripAccents = typeof accents === 'boolean' ? accents : null;
    return {
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: chinese,
        strip_accents: stripAccents,
        lowercase: doLowerCase,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: names['unk_token'] ?? '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab,
      },
      settings: {
        do_lower_case: doLowerCase,
        strip_accents: stripAccents,
        tokenize_chinese_chars: chinese,
      },
    };
  },
  postProcessor: (before, after) => template(before, after, { secondType: 1, doubled: false }),
};

export const mpnetLayout: Layout = {
  ...bertLayout,
  className: 'MPNetTokenizer',
  specialNames: {
    bos_token: '<s>',
    eos_token: '</s>',
    unk_token: '[UNK]',
    sep_token: '</s>',
    pad_token: '<pad>',
    cls_token: '<s>',
    mask_token: '<mask>',
  },
  maskAbsorbsSpace: true,
  postProcessor: (before, after) => ({
    type: 'RobertaProcessing',
    sep: [after.token, after.id],
    cls: [before.token, before.id],
    trim_offsets: true,
    add_prefix_space: false,
  }),
};
