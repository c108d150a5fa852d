/** Why a note was found: what each side says of it, the words in common, and the passages that match. */
import { cutPassages } from '../corpus/passages.js';
import { wordsOf } from '../corpus/terms.js';
import type { RankedNote } from './rankNotes.js';
import { centredCosines } from './semanticScores.js';
import { termWeights } from './sharedTerms.js';
import type { SharedTerm, TermWeights } from './sharedTerms.js';
import type { Snapshot } from './snapshot.js';

interface Range {
  /** UTF-16 offsets into the query's text or the note's. */
  readonly start: number;
  readonly end: number;
}

export interface QueryPassage extends Range {
  readonly vector: Float32Array;
}

export interface PassagePair {
  readonly query: Range;
  readonly note: Range;
  /** `meaning`: of the model's passages, by their vectors; `words`: of short stretches, by their words. */
  readonly by: 'meaning' | 'words';
  /** In [-1, 1], or [0, 1] for words: only pairs of the same kind compare. */
  readonly likeness: number;
}

export interface Explanation {
  /** What each side adds to the score, in standard deviations; `null`: nothing was asked of it. */
  readonly semantic: number | null;
  readonly keyword: number | null;
  /** Weightiest first. */
  readonly terms: readonly SharedTerm[];
  /** Most alike first, by meaning and then by words. */
  readonly pairs: readonly PassagePair[];
}

const mostPairs = 3;
/** Words of a stretch whose words are compared. */
const stretchWords = 30;

/** @param text of the note; @param terms that it shares with the query */
export function explained(
  snapshot: Snapshot,
  query: {
    readonly text: string;
    readonly passages: readonly QueryPassage[];
  },
  { note, semantic, keyword }: RankedNote,
  text: string,
  terms: readonly SharedTerm[],
): Explanation {
  return {
    semantic,
    keyword,
    terms,
    pairs: [
      ...(semantic === null ? [] : pairsByMeaning(snapshot, query.passages, note)),
      ...(keyword === null ? [] : pairsByWords(snapshot, query.text, text)),
    ],
  };
}

function pairsByMeaning(
  { mean, notes, rows, centredLengths }: Snapshot,
  passages: readonly QueryPassage[],
  note: number,
): PassagePair[] {
  const pairs = passages.flatMap(({ start, end, vector }) => {
    const cosine = centredCosines(vector, mean);
    return notes[note]!.passages.map((one): PassagePair => {
      const likeness = cosine(rows.at(one.row), 0, centredLengths[one.row]!);
      const other = { start: one.start, end: one.end };
      return { query: { start, end }, note: other, by: 'meaning', likeness };
    });
  });
  return best(pairs);
}

function pairsByWords({ postings }: Snapshot, query: string, note: string): PassagePair[] {
  const own = stretchesOf(query).map((range) => weighed(query, range));
  const others = stretchesOf(note).map((range) => weighed(note, range));
  function weighed(text: string, range: Range) {
    const weights = termWeights(postings, text.slice(range.start, range.end));
    return { range, weights, length: lengthOf(weights) };
  }
  const pairs = own.flatMap((a) =>
    others.flatMap((b): PassagePair[] => {
      let dot = 0;
      for (const [term, weight] of a.weights) dot += weight * (b.weights.get(term) ?? 0);
      if (dot === 0) return [];
      const likeness = dot / (a.length * b.length);
      return [{ query: a.range, note: b.range, by: 'words', likeness }];
    }),
  );
  return best(pairs);
}

function stretchesOf(text: string): Range[] {
  const countTokens = (part: string): number => wordsOf(part).length;
  return cutPassages(text, { maxTokens: stretchWords, countTokens }).map(({ start, end }) => ({
    start,
    end,
  }));
}

function lengthOf(weights: TermWeights): number {
  let square = 0;
  for (const weight of weights.values()) square += weight * weight;
  return Math.sqrt(square);
}

/** The most alike, no stretch of either text twice. */
function best(pairs: readonly PassagePair[]): PassagePair[] {
  const chosen: PassagePair[] = [];
  for (const pair of [...pairs].sort((a, b) => b.likeness - a.likeness)) {
    if (chosen.length === mostPairs) break;
    const isUsed = chosen.some(
      ({ query, note }) => query.start === pair.query.start || note.start === pair.note.start,
    );
    if (!isUsed) chosen.push(pair);
  }
  return chosen;
}
