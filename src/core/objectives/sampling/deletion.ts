/** Deletes words at random, the noise of TSDAE. */
import type { Random } from '../../base/random.js';

/**
 * Deletes each word with probability `ratio`, and keeps one at random if none is left, as the
 * authors' code does. A word is a token that starts one and those that continue it, so that what is
 * left needs no tokenising again; their words are NLTK's.
 *
 * @param ids with `cls` first and `sep` last, which are kept
 * @param isWordStart whether a token starts a word
 */
export function deleteWords(
  ids: Int32Array,
  random: Random,
  ratio: number,
  isWordStart: (id: number) => boolean,
): Int32Array {
  /** Start of each word. */
  const starts: number[] = [];
  const last = ids.length - 1;
  for (let i = 1; i < last; i++) if (i === 1 || isWordStart(ids[i]!)) starts.push(i);
  const drawn = starts.map((_, word) => word).filter(() => random.next() >= ratio);
  const kept = drawn.length > 0 || starts.length === 0 ? drawn : [random.integer(starts.length)];
  const left = [ids[0]!];
  for (const word of kept) left.push(...ids.subarray(starts[word], starts[word + 1] ?? last));
  left.push(ids[last]!);
  return Int32Array.from(left);
}
