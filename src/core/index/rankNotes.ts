/**
 * Ranks the notes of a snapshot by likeness to a query: semantically, by keywords, or by both. The notes
 * that may be found are settled before, so that a filter never leaves fewer results than there are.
 *
 * Of a large index, all notes are compared roughly, and those that the rough scores leave in question
 * exactly: what can be told apart by bytes is ordered as if all had been compared exactly.
 */
import { countsAbove, nthBest } from './fusion/count.js';
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
  describe(notes: readonly number[]): RankedNote[];
}

/** Where signs tell about how near notes are, so many of the nearest are compared in bytes, and more for more results. */
const inBytes = 30_000;
const inBytesForEach = 500;

/** @param mayBeFound [notes], 1 for those that may be found */
export async function rankNotes(
  snapshot: Snapshot,
  { mode, as, text, vector, own }: RankedQuery,
  mayBeFound: Uint8Array,
  fitted: FusionShares | undefined,
  signal?: AbortSignal,
): Promise<Ranking> {
  const { postings, notes } = snapshot;
  const count = notes.length;
  const isOther = (note: number): boolean => note !== own;
  const unit = as === 'query' ? 'passage' : 'note';
  const meaning =
    mode === 'keyword' ? null : await semanticScores(snapshot, vector, unit, own, signal);
  const words =
    mode === 'semantic' ? null : (as === 'query' ? bm25Scores : tfIdfScores)(postings, text);
  const share = mode === 'semantic' ? 1 : mode === 'keyword' ? 0 : shareOf(as, fitted);
  const bySemantic = meaning?.spread ?? { mean: 0, deviation: 0 };
  const byKeyword = words === null ? { mean: 0, deviation: 0 } : spreadOf(words, isOther);
  const semanticOf = (note: number): number =>
    meaning === null ? 0 : standardisedBy(bySemantic, meaning.scores[note]!);
  const keywordOf = (note: number): number =>
    words === null ? 0 : standardisedBy(byKeyword, words[note]!);
  const same = fusedScore(
    standardisedBy(bySemantic, 1),
    standardisedBy(byKeyword, as === 'query' ? bm25ScoreOfAll(postings, text) : 1),
    share,
  );
  const scores = new Float64Array(count);
  const isFound = new Uint8Array(count);
  let found = 0;
  for (let note = 0; note < count; note++) {
    const hasNoWord = mode === 'keyword' && words?.[note] === 0;
    const score = hasNoWord ? -Infinity : fusedScore(semanticOf(note), keywordOf(note), share);
    scores[note] = score;
    if (score === -Infinity || mayBeFound[note] === 0) continue;
    isFound[note] = 1;
    found++;
  }

  // What is left of uncertainty, in scores: that of a note may be so much higher, and another's so much lower.
  const perCosine = bySemantic.deviation === 0 ? 0 : share / bySemantic.deviation;
  const margin = meaning === null ? 0 : 2 * meaning.error * perCosine;
  function rescore(note: number, cosine: number): void {
    if (meaning === null) return;
    meaning.scores[note] = cosine;
    scores[note] = fusedScore(semanticOf(note), keywordOf(note), share);
  }
  function atLeast(least: number): number[] {
    const chosen: number[] = [];
    for (let note = 0; note < count; note++) {
      if (isCompared[note] === 1 && scores[note]! >= least) chosen.push(note);
    }
    return chosen;
  }
  const isExact = new Uint8Array(meaning === null || meaning.known === 'exact' ? 0 : count);
  /** Of these alone the nearest are taken: of the others, signs are all that is known. */
  let isCompared: Uint8Array = isFound;
  /** Makes the scores exact that decide which are the `limit` best. */
  function sharpen(limit: number): void {
    if (isExact.length === 0 || meaning === null) return;
    if (meaning.known === 'about') {
      const most = Math.max(inBytes, inBytesForEach * limit);
      const compared = new Uint8Array(count);
      // Those that may not be found too, since percentiles count them.
      for (const among of found === count ? [isFound] : [everyone(), isFound]) {
        isCompared = among;
        for (const note of atLeast(nthBest(scores, among, most))) {
          if (compared[note] === 0 && isExact[note] === 0) rescore(note, meaning.within(note));
          compared[note] = isFound[note]!;
        }
      }
      isCompared = compared;
    }
    for (const note of atLeast(nthBest(scores, isCompared, limit) - margin)) {
      if (isExact[note] === 1) continue;
      isExact[note] = 1;
      rescore(note, meaning.exact(note));
    }
  }

  /** Every note but the query's own. */
  function everyone(): Uint8Array {
    const all = new Uint8Array(count).fill(1);
    if (own !== null) all[own] = 0;
    return all;
  }

  const others = count - (own === null ? 0 : 1);
  let ordered: number[] = [];
  return {
    found,
    nearest(limit) {
      if (ordered.length < Math.min(limit, found)) {
        // Many more, so that one who reads on portion by portion does not sort for each.
        const most = Math.max(limit, 4 * ordered.length);
        sharpen(most);
        // Notes are in the order of their ids, and the sort keeps it among equals.
        ordered = atLeast(nthBest(scores, isCompared, most)).sort(
          (a, b) => scores[b]! - scores[a]!,
        );
      }
      return ordered.slice(0, limit);
    },
    describe(described) {
      // As near as a note are its equals and itself, but not the query's own.
      const reached = described.map((note) => scores[note]!);
      const asNear = countsAbove(scores, everyone(), reached, 'or equal');
      const ranksIn = (side: Float64Array | null): number[] =>
        side === null
          ? []
          : countsAbove(
              side,
              isFound,
              described.map((note) => side[note]!),
              'only',
            );
      const semanticRanks = ranksIn(meaning?.scores ?? null);
      const keywordRanks = ranksIn(words);
      return described.map((note, i): RankedNote => {
        const isShared = words !== null && words[note]! > 0;
        const less = others - asNear[i]!;
        return {
          note,
          score: scores[note]!,
          semantic: meaning === null ? null : share * semanticOf(note),
          keyword: isShared ? (1 - share) * keywordOf(note) : null,
          semanticRank: meaning === null ? null : 1 + semanticRanks[i]!,
          keywordRank: isShared ? 1 + keywordRanks[i]! : null,
          percentile: percentileOf(less, others),
          nearness: same > 0 ? 100 * Math.max(0, Math.min(1, scores[note]! / same)) : null,
        };
      });
    },
  };
}

/** @param less how many of the other notes are less like the query; @param others of which a note is one */
export function percentileOf(less: number, others: number): number {
  return others <= 1 ? 100 : (100 * less) / (others - 1);
}

/** What the semantic side counts. */
export function shareOf(
  as: 'query' | 'document',
  { notes, typed }: FusionShares = defaultShares,
): number {
  return as === 'query' ? typed.share : notes.share;
}
