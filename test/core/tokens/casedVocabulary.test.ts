import { describe, expect, it } from 'vitest';
import { casedVocabularyRemark } from '../../../src/core/tokens/casedVocabulary.js';
import { createTokenizer } from '../../../src/core/tokens/tokenizer.js';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const remarkOf = (words: readonly string[], lowercase: boolean): string | null => {
  const tokens = [...special, ...words];
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return casedVocabularyRemark(
    createTokenizer(
      {
        added_tokens: special.map((content, id) => ({ id, content, special: true, ...flags })),
        normalizer: { type: 'BertNormalizer', lowercase },
        pre_tokenizer: { type: 'BertPreTokenizer' },
        model: {
          ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##' },
          vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        },
      },
      {},
    ),
  );
};

describe('casedVocabularyRemark', () => {
  it('says that capitals of the vocabulary are never used', () => {
    expect(remarkOf(['Pain', 'pain', 'Ward'], true)).toMatch(
      /has capitals \(2 of its 8 tokens\).*"do_lower_case": false/,
    );
  });

  it('says nothing of a vocabulary that is read as it was made', () => {
    expect(remarkOf(['Pain', 'pain', 'Ward'], false)).toBeNull();
    expect(remarkOf(['pain', 'ward'], true)).toBeNull();
  });
});
