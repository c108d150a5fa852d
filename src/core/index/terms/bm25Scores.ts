/**
 * Keyword score of typed text: BM25 (Robertson and Zaragoza, "The probabilistic relevance framework:
 * BM25 and beyond", 2009) with the inverse frequencies ln((notes + 1) / notes with the word) of BM25+
 * (Lv and Zhai, 2011), which are never negative, however small the corpus: rank_bm25's BM25Plus with
 * delta = 0.
 */
import { wordsOf } from '../../corpus/terms.js';
import type { Postings } from './postings.js';

/** How soon repetitions of a word stop counting. */
const saturation = 1.5;
/** How far long notes are held to their length. */
const lengthShare = 0.75;

/** [notes], 0 where a note has no word of the text. */
export function bm25Scores(postings: Postings, text: string): Float64Array {
  const { starts, rows, counts, vocabulary, words, notes } = postings;
  const scores = new Float64Array(notes);
  for (const word of wordsOf(text)) {
    const term = vocabulary.get(word);
    if (term === undefined) continue;
    const inverse = inverseOf(postings, term);
    for (let k = starts[term]!; k < starts[term + 1]!; k++) {
      const note = rows[k]!;
      scores[note]! += inverse * saturated(postings, counts[k]!, words[note]!);
    }
  }
  return scores;
}

/** The score of a note of usual length that has each known word of the text once. */
export function bm25ScoreOfAll(postings: Postings, text: string): number {
  return wordsOf(text).reduce((sum, word) => {
    const term = postings.vocabulary.get(word);
    return term === undefined ? sum : sum + inverseOf(postings, term);
  }, 0);
}

/** What one word adds to the score of a note that has it `count` times among so many words. */
export function bm25Weight(postings: Postings, word: string, count: number, words: number): number {
  const term = postings.vocabulary.get(word);
  if (term === undefined || count === 0) return 0;
  return inverseOf(postings, term) * saturated(postings, count, words);
}

function inverseOf({ starts, notes }: Postings, term: number): number {
  return Math.log((notes + 1) / (starts[term + 1]! - starts[term]!));
}

function saturated({ meanWords }: Postings, count: number, words: number): number {
  const held = 1 - lengthShare + (lengthShare * words) / meanWords;
  return (count * (saturation + 1)) / (saturation * held + count);
}
