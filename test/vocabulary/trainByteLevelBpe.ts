/** A byte-level BPE vocabulary in RoBERTa's layout, learned from notes. */
import { usageError } from '../../src/core/base/errors.js';
import { byteLevelWords, byteSymbols, toByteSymbols } from '../../src/core/tokens/byteAlphabet.js';
import { learnMerges } from './learnMerges.js';
import { robertaSpecialTokens, robertaTokenizerFiles } from '../../src/core/tokens/robertaFiles.js';
import type { TokenizerFiles } from '../../src/core/tokens/tokenizer.js';

export interface VocabularyOptions {
  /** Including the special tokens and the 256 bytes. */
  readonly vocabularySize: number;
  /** Rarer pairs are not merged. */
  readonly minFrequency?: number;
}

export async function trainByteLevelBpe(
  texts: Iterable<string> | AsyncIterable<string>,
  { vocabularySize, minFrequency = 2 }: VocabularyOptions,
): Promise<TokenizerFiles> {
  const initialTokens = [...robertaSpecialTokens, ...[...byteSymbols].sort()];
  if (!Number.isInteger(vocabularySize) || vocabularySize < initialTokens.length) {
    throw usageError(`A vocabulary needs at least ${initialTokens.length} tokens: ask for more.`);
  }
  const counts = new Map<string, number>();
  for await (const text of texts) {
    for (const word of text.match(byteLevelWords) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const symbolCounts = new Map<string, number>();
  for (const [word, count] of counts) symbolCounts.set(toByteSymbols(word), count);
  const { tokens, merges } = learnMerges(symbolCounts, initialTokens, {
    vocabularySize,
    minFrequency,
  });
  return robertaTokenizerFiles(Object.fromEntries(tokens.map((token, id) => [token, id])), merges);
}
