/**
 * What counts as a word, and what a word weighs: shared by keyword search and by the baselines of
 * evaluation. Words are those of scikit-learn's CountVectorizer: lower case, two or more letters, digits
 * or underscores.
 */

/** What Python's \w\w+ matches between word boundaries. */
const wordPattern = /[\p{L}\p{N}_]{2,}/gu;

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(wordPattern) ?? [];
}

/** Smoothed as scikit-learn's TfidfTransformer does: ln((1 + texts) / (1 + texts with the word)) + 1. */
export function inverseDocumentFrequency(texts: number, withWord: number): number {
  return Math.log((1 + texts) / (1 + withWord)) + 1;
}

/** What a word that occurs `count` times in a text counts: ten times says less than ten times as much. */
export function sublinearFrequency(count: number): number {
  return 1 + Math.log(count);
}
