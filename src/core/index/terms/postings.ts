/** Term rows turned round: for each word the notes that hold it, in memory. */
import { inverseDocumentFrequency, sublinearFrequency, wordsOf } from '../../corpus/terms.js';
import type { TermRows } from './termRows.js';

export interface Postings {
  readonly notes: number;
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The notes with word w stand from `starts[w]` to `starts[w + 1]`, ascending. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly counts: Uint16Array;
  /** [words]: as scikit-learn's TfidfTransformer smooths them. */
  readonly inverseFrequencies: Float64Array;
  /** [notes]: lengths of the notes' TF-IDF vectors. */
  readonly lengths: Float64Array;
  /** [notes]: counted words, repetitions included. */
  readonly words: Float64Array;
  readonly meanWords: number;
}

/** @param notes whose row i is note i */
export function postingsOf({ keys, vocabulary, starts, terms, counts }: TermRows): Postings {
  const notes = keys.length;
  const ends = new Uint32Array(vocabulary.length + 1);
  for (const term of terms) ends[term + 1]!++;
  for (let term = 0; term < vocabulary.length; term++) ends[term + 1]! += ends[term]!;
  const inverseFrequencies = Float64Array.from(vocabulary, (_, term) =>
    inverseDocumentFrequency(notes, ends[term + 1]! - ends[term]!),
  );
  const next = ends.slice();
  const rows = new Uint32Array(terms.length);
  const turned = new Uint16Array(terms.length);
  const lengths = new Float64Array(notes);
  const words = new Float64Array(notes);
  for (let note = 0; note < notes; note++) {
    let square = 0;
    for (let k = starts[note]!; k < starts[note + 1]!; k++) {
      const term = terms[k]!;
      const count = counts[k]!;
      const at = next[term]!++;
      rows[at] = note;
      turned[at] = count;
      words[note]! += count;
      square += (sublinearFrequency(count) * inverseFrequencies[term]!) ** 2;
    }
    lengths[note] = Math.sqrt(square);
  }
  return {
    notes,
    vocabulary: new Map(vocabulary.map((word, term) => [word, term])),
    starts: ends,
    rows,
    counts: turned,
    inverseFrequencies,
    lengths,
    words,
    meanWords: notes === 0 ? 0 : words.reduce((sum, count) => sum + count, 0) / notes,
  };
}

/** How often each known word occurs in a text. */
export function countKnownTerms({ vocabulary }: Postings, text: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const word of wordsOf(text)) {
    const term = vocabulary.get(word);
    if (term !== undefined) found.set(term, (found.get(term) ?? 0) + 1);
  }
  return found;
}
