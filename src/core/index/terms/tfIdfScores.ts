/**
 * Keyword similarity of whole notes: the cosine of TF-IDF vectors with sublinear counts, as
 * scikit-learn's TfidfVectorizer(sublinear_tf=True) gives it for words that some note holds.
 */
import { sublinearFrequency } from '../../corpus/terms.js';
import { countKnownTerms } from './postings.js';
import type { Postings } from './postings.js';

/** Logarithms of smaller counts are taken once. */
const tabled = 64;

/** [notes], in [0, 1]. */
export function tfIdfScores(postings: Postings, text: string): Float64Array {
  const { starts, rows, counts, inverseFrequencies, lengths, notes } = postings;
  const scores = new Float64Array(notes);
  const sublinear = Float64Array.from({ length: tabled }, (_, count) => sublinearFrequency(count));
  let square = 0;
  for (const [term, count] of countKnownTerms(postings, text)) {
    const inverse = inverseFrequencies[term]!;
    const weight = sublinearFrequency(count) * inverse;
    square += weight * weight;
    for (let k = starts[term]!; k < starts[term + 1]!; k++) {
      const times = counts[k]!;
      const frequency = times < tabled ? sublinear[times]! : sublinearFrequency(times);
      scores[rows[k]!]! += weight * inverse * frequency;
    }
  }
  const length = Math.sqrt(square);
  for (let note = 0; note < notes; note++) {
    if (scores[note] !== 0) scores[note]! /= length * lengths[note]!;
  }
  return scores;
}
