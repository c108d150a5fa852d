/** transformers' XLMRobertaTokenizer and CamembertTokenizer: SentencePiece's Unigram. */
import { flag, template } from './layout.js';
import type { Layout } from './layout.js';

export const xlmRobertaLayout: Layout = {
  className: 'XLMRobertaTokenizer',
  modelType: 'Unigram',
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
  around: ['bos_token', 'eos_token'],
  build: (vocabulary, settings) => unigramParts(vocabulary, settings, 3),
  postProcessor: (before, after) => template(before, after, { secondType: 0, doubled: true }),
  orderPieces: (pieces, { bos_token, pad_token, eos_token, unk_token, mask_token }) => [
    ...[bos_token, pad_token, eos_token, unk_token].map((token) => [token!, 0] as const),
    ...pieces.slice(3),
    [mask_token!, 0],
  ],
};

export const camembertLayout: Layout = {
  ...xlmRobertaLayout,
  className: 'CamembertTokenizer',
  maskAbsorbsSpace: true,
  build(vocabulary, settings, names) {
    const tokens = Array.isArray(vocabulary.vocab) ? (vocabulary.vocab as [string, number][]) : [];
    const unknown = tokens.findIndex(([token]) => token === names['unk_token']);
    return unigramParts(vocabulary, settings, Math.max(0, unknown));
  },
  orderPieces: (pieces, { pad_token, unk_token, mask_token }) => [
    ['<s>NOTUSED', 0],
    [pad_token!, 0],
    ['</s>NOTUSED', 0],
    [unk_token!, 0],
    ['<unk>NOTUSED', -100],
    ...pieces.slice(1),
    [mask_token!, 0],
  ],
};

function unigramParts(
  { vocab, charsmap }: Parameters<Layout['build']>[0],
  settings: Parameters<Layout['build']>[1],
  unknown: number,
): ReturnType<Layout['build']> {
  const prefixes = flag(settings, 'add_prefix_space', true);
  const metaspace = {
    type: 'Metaspace',
    replacement: '\u2581',
    prepend_scheme: prefixes ? 'always' : 'never',
    split: true,
  };
  return {
    normalizer: charsmap === null ? null : { type: 'Precompiled', precompiled_charsmap: charsmap },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: unknown, vocab, byte_fallback: false },
    settings: { add_prefix_space: prefixes },
  };
}
