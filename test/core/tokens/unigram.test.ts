/** SentencePiece vocabularies, as XLM-RoBERTa and CamemBERT lay them out; see test/golden/unigram. */
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../src/core/tokens/tokenizer.js';
import golden from '../../golden/unigram/unigram.json' with { type: 'json' };

describe.each(golden.cases)('the SentencePiece vocabulary of $family', (one) => {
  const tokenizer = createTokenizer(one.tokenizer, {});

  it('has its special tokens where they stand', () => {
    const { special } = one;
    expect(tokenizer.kind).toBe('unigram');
    expect(tokenizer.special).toEqual({
      cls: special['<s>'],
      sep: special['</s>'],
      pad: special['<pad>'],
      unk: special['<unk>'],
      mask: special['<mask>'],
    });
    for (const id of Object.values(special)) expect(tokenizer.specialIds.has(id)).toBe(true);
  });

  it('gives the ids of tokenizers, counted and with the starts of words', () => {
    golden.texts.forEach((text, i) => {
      const ids = [...tokenizer.encode(text)];
      expect(ids, text).toEqual(one.ids[i]);
      expect(tokenizer.countTokens(text)).toBe(ids.length);
    });
    expect(tokenizer.isWordStart(tokenizer.encode('patient')[0]!)).toBe(true);
  });
});
