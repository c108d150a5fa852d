/**
 * Ranks the notes of a snapshot by likeness to a query: semantically, by keywords, or by both. The notes
 * that may be found are settled before, so that a filter never leaves fewer results than there are.
 */
import { fusedScore, spreadOf, standardisedBy } from './fusion/fuse.js';
import { defaultShares } from './fusion/shares.js';
import type { FusionShares } from './fusion/shares.js';
import { semanticScores } from './semanticScores.js';
import type { Snapshot } from './snapshot.js';
import { bm25ScoreOfAll, bm25Scores } from './terms/bm25Scores.js';
import { tfIdfScores } from './terms/tfIdfScores.js';
import type { LookupMode } from '../../protocol/catalogue/lookup.js';

export interface RankedQuery {
  readonly mode: LookupMode;
  /** Typed words and paragraphs look for passages by BM25, notes for notes by the cosine of TF-IDF. */
  readonly as: 'query' | 'document';
  readonly text: string;
  /** Of any length. */
  readonly vector: Float32Array;
  /** The query's own note, whose score would stand for nothing; `null` if it is not in the index. */
  readonly own: number | null;
}

export interface RankedNote {
  /** Its place in the snapshot. */
  readonly note: number;
  readonly score: number;
  /** What each side adds to the score; `null` for one that was not asked, or has nothing in common. */
  readonly semantic: number | null;
  readonly keyword: number | null;
  /** Among the notes that may be found; notes as near share the better rank. */
  readonly semanticRank: number | null;
  readonly keywordRank: number | null;
  /** Per cent of the corpus's other notes that are less like the query. */
  readonly percentile: number;
  /**
   * Where the score lies between that of the corpus's average note, 0, and that of a note which says the
   * same, 100; a score below the average is 0 too. `null`: no note differs from another.
   */
  readonly nearness: number | null;
}

export interface Ranking {
  /** How many may be found and have anything in common with the query. */
  readonly found: number;
  /** Places of the nearest, nearest first; ties by id. */
  nearest(limit: number): number[];
  describe(note: number): RankedNote;
}

export function rankNotes(
  snapshot: Snapshot,
  { mode, as, text, vector, own }: RankedQuery,
  mayBeFound: (note: number) => boolean,
  fitted: FusionShares | undefined,
): Ranking {
  const { postings, notes } = snapshot;
  const count = notes.length;
  const isOther = (note: number): boolean => note !== own;
  const unit = as === 'query' ? 'passage' : 'note';
  const similar = mode === 'keyword' ? null : semanticScores(snapshot, vector, unit);
  const words =
    mode === 'semantic' ? null : (as === 'query' ? bm25Scores : tfIdfScores)(postings, text);
  const share = mode === 'semantic' ? 1 : mode === 'keyword' ? 0 : shareOf(as, fitted);
  const none = new Float64Array(count);
  const bySemantic = spreadOf(similar ?? none, isOther);
  const byKeyword = spreadOf(words ?? none, isOther);
  const semantic = similar?.map((score) => standardisedBy(bySemantic, score)) ?? none;
  const keyword = words?.map((score) => standardisedBy(byKeyword, score)) ?? none;
  const same = fusedScore(
    standardisedBy(bySemantic, 1),
    standardisedBy(byKeyword, as === 'query' ? bm25ScoreOfAll(postings, text) : 1),
    share,
  );
  const scores = new Float64Array(count);
  for (let note = 0; note < count; note++) {
    const hasNoWord = mode === 'keyword' && words?.[note] === 0;
    scores[note] = hasNoWord ? -Infinity : fusedScore(semantic[note]!, keyword[note]!, share);
  }
  const found: number[] = [];
  for (let note = 0; note < count; note++) {
    if (scores[note] !== -Infinity && mayBeFound(note)) found.push(note);
  }
  const others = count - (own === null ? 0 : 1);
  let ordered: number[] = [];
  const rankIn = (side: Float64Array, note: number): number =>
    found.reduce((rank, other) => (side[other]! > side[note]! ? rank + 1 : rank), 1);
  return {
    found: found.length,
    nearest(limit) {
      if (ordered.length < Math.min(limit, found.length)) {
        // Many more, so that one who reads on portion by portion does not sort for each.
        const most = Math.max(limit, 4 * ordered.length);
        const least = leastOf(scores, found, most);
        // Notes are in the order of their ids, and the sort keeps it among equals.
        ordered = found
          .filter((note) => scores[note]! >= least)
          .sort((a, b) => scores[b]! - scores[a]!);
      }
      return ordered.slice(0, limit);
    },
    describe(note) {
      let less = 0;
      for (let other = 0; other < count; other++) {
        if (other !== own && other !== note && !(scores[other]! >= scores[note]!)) less++;
      }
      const isShared = words !== null && words[note]! > 0;
      return {
        note,
        score: scores[note]!,
        semantic: similar === null ? null : share * semantic[note]!,
        keyword: isShared ? (1 - share) * keyword[note]! : null,
        semanticRank: similar === null ? null : rankIn(similar, note),
        keywordRank: isShared ? rankIn(words, note) : null,
        percentile: percentileOf(less, others),
        nearness: same > 0 ? 100 * Math.max(0, Math.min(1, scores[note]! / same)) : null,
      };
    },
  };
}

/** @param less how many of the other notes are less like the query; @param others of which a note is one */
export function percentileOf(less: number, others: number): number {
  return others <= 1 ? 100 : (100 * less) / (others - 1);
}

/** The score of the `limit`-th best: numbers are sorted much faster than notes. */
function leastOf(scores: Float64Array, found: readonly number[], limit: number): number {
  if (limit >= found.length) return -Infinity;
  const held = new Float64Array(found.length);
  for (let i = 0; i < held.length; i++) held[i] = scores[found[i]!]!;
  return held.sort()[held.length - limit]!;
}

/** What the semantic side counts. */
export function shareOf(
  as: 'query' | 'document',
  { notes, typed }: FusionShares = defaultShares,
): number {
  return as === 'query' ? typed.share : notes.share;
}
