/**
 * Joins the semantic and the keyword side of a search. Ranks throw away by how much a note is ahead, and
 * with them what a strong side knows; standardised scores keep it: a note that stands far out on one
 * side counts for more than one that is merely first there. What each side counts follows from the
 * corpus (`shares.ts`), where that can be told.
 */

export interface Spread {
  readonly mean: number;
  /** Standard deviation; 0 if the scores do not differ. */
  readonly deviation: number;
}

/** Of the scores of the notes that `counts` names; -Infinity is no score. */
export function spreadOf(scores: Float64Array, counts: (note: number) => boolean): Spread {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let note = 0; note < scores.length; note++) {
    const score = scores[note]!;
    if (score === -Infinity || !counts(note)) continue;
    n++;
    sum += score;
    squares += score * score;
  }
  const mean = n === 0 ? 0 : sum / n;
  const deviation = n === 0 ? 0 : Math.sqrt(Math.max(0, squares / n - mean * mean));
  // Below this, what differs is rounding.
  return { mean, deviation: deviation < 1e-9 ? 0 : deviation };
}

/** In standard deviations above the mean; 0 if the scores do not differ. */
export function standardisedBy({ mean, deviation }: Spread, score: number): number {
  if (score === -Infinity) return score;
  return deviation === 0 ? 0 : (score - mean) / deviation;
}

/** Mean 0 and standard deviation 1 over the notes that `counts` names; all 0 if they do not differ. */
export function standardised(
  scores: Float64Array,
  counts: (note: number) => boolean,
): Float64Array {
  const spread = spreadOf(scores, counts);
  return scores.map((score) => standardisedBy(spread, score));
}

/** @param share what the semantic side counts, in [0, 1]; the keyword side has the rest */
export function fused(semantic: Float64Array, keyword: Float64Array, share: number): Float64Array {
  return semantic.map((score, note) => fusedScore(score, keyword[note]!, share));
}

export function fusedScore(semantic: number, keyword: number, share: number): number {
  return semantic === -Infinity ? semantic : share * semantic + (1 - share) * keyword;
}
