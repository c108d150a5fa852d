/**
 * Whole-word masking, as BERT's authors added it in 2019: predicts all tokens of a word together,
 * so that none can be guessed from the rest of its word.
 */
import type { Random } from '../../base/random.js';
import { maskAt } from './masking.js';
import type { MaskedSequence, TokenMasking } from './masking.js';

/**
 * Takes words in random order while they fit into the number of predicted tokens. That number is
 * rounded up or down at random, as in `maskSequence`, and never exceeded, so that `predictionSlots`
 * suffices. If no word fits, part of a longer one is predicted, so that any sequence with an
 * ordinary token has a prediction. Each token is masked (80 %), replaced (10 %) or kept (10 %)
 * independently, as in the code of BERT and of transformers.
 */
export function maskWholeWords(
  ids: Int32Array,
  isWordStart: (id: number) => boolean,
  random: Random,
  settings: TokenMasking,
): MaskedSequence {
  const words = wordsOf(ids, isWordStart, settings);
  const tokens = words.reduce((sum, word) => sum + word.length, 0);
  const wanted = Math.floor(settings.mlmProbability * tokens + random.next());
  const limit = Math.min(tokens, Math.max(1, wanted));
  return maskAt(ids, chooseWords(words, limit, random), random, settings);
}

/**
 * Positions of each word's tokens. A special token ends a word, so the next token starts one even
 * without a preceding space, as at the start of a text.
 */
function wordsOf(
  ids: Int32Array,
  isWordStart: (id: number) => boolean,
  { specialIds }: TokenMasking,
): number[][] {
  const words: number[][] = [];
  let word: number[] | undefined;
  ids.forEach((id, position) => {
    if (specialIds.has(id)) {
      word = undefined;
    } else if (word === undefined || isWordStart(id)) {
      word = [position];
      words.push(word);
    } else {
      word.push(position);
    }
  });
  return words;
}

/** At most `limit` positions, ascending. */
function chooseWords(words: number[][], limit: number, random: Random): Int32Array {
  const chosen: number[] = [];
  for (const word of random.shuffle(words)) {
    if (chosen.length + word.length <= limit) chosen.push(...word);
  }
  if (chosen.length === 0 && words[0] !== undefined) chosen.push(...words[0].slice(0, limit));
  return Int32Array.from(chosen).sort();
}
