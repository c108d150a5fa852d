/** The words that a query and a note have in common, and whether the note denies them. */
import { assertionsIn } from '../corpus/assertions.js';
import type { Assertion } from '../corpus/assertions.js';
import { sublinearFrequency, wordsOf } from '../corpus/terms.js';
import type { Postings } from './terms/postings.js';

export interface SharedTerm {
  readonly term: string;
  /** Its share of what all words in common weigh, in (0, 1]. */
  readonly weight: number;
}

/**
 * What the words of a text weigh, by word: as TF-IDF counts them, but unsmoothed, so that a word which
 * every note holds weighs nothing and explains nothing.
 */
export type TermWeights = ReadonlyMap<string, number>;

export function termWeights(postings: Postings, text: string): TermWeights {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weights = new Map<string, number>();
  for (const [word, count] of counts) {
    const term = postings.vocabulary.get(word);
    if (term === undefined) continue;
    weights.set(word, sublinearFrequency(count) * (postings.inverseFrequencies[term]! - 1));
  }
  return weights;
}

/** The weightiest words in common, weightiest first. */
export function sharedTerms(query: TermWeights, note: TermWeights, most: number): SharedTerm[] {
  const products = [...query].flatMap(([term, weight]) => {
    const other = note.get(term);
    return other === undefined || weight * other === 0 ? [] : [{ term, weight: weight * other }];
  });
  const sum = products.reduce((total, { weight }) => total + weight, 0);
  return products
    .map(({ term, weight }) => ({ term, weight: weight / sum }))
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
    .slice(0, most);
}

/** Unsmoothed, so ln 2: half of all notes hold it. */
const commonFrequency = Math.LN2;

/** Without the words that half of all notes hold, which explain nothing, unless there are no others. */
export function tellingTerms(postings: Postings, shared: readonly SharedTerm[]): SharedTerm[] {
  const telling = shared.filter(({ term }) => {
    const place = postings.vocabulary.get(term);
    return place !== undefined && postings.inverseFrequencies[place]! - 1 > commonFrequency;
  });
  return telling.length > 0 ? telling : [...shared];
}

/** By word: how a text asserts it. A word that is affirmed anywhere is affirmed. */
export type AssertedWords = ReadonlyMap<string, Assertion | 'affirmed'>;

export function assertedWords(text: string): AssertedWords {
  const ranges = assertionsIn(text);
  const found = new Map<string, Assertion | 'affirmed'>();
  for (const match of text.matchAll(/[\p{L}\p{N}_]{2,}/gu)) {
    const word = match[0].toLowerCase();
    const at = match.index;
    const own = ranges.filter(({ start, end }) => at >= start && at < end);
    const said = own.some(({ kind }) => kind === 'negated') ? 'negated' : own[0]?.kind;
    const before = found.get(word);
    if (said === undefined) found.set(word, 'affirmed');
    else if (before === undefined) found.set(word, said);
  }
  return found;
}

/** Over this share of what is shared, by weight, a note says otherwise than the query. */
const mostOpposed = 0.5;
/** Less than this of what the query says, by weight, is not what it is about: a shared "and" above all. */
const leastOfQuery = 0.05;

/**
 * `negated` or `family` if the note denies most of what it shares with the query, or says it of the
 * family, and the query does not; else `null`. Words that nearly every note holds decide nothing.
 *
 * @param weights of the query's words
 */
export function oppositionOf(
  query: AssertedWords,
  weights: TermWeights,
  note: AssertedWords,
  shared: readonly SharedTerm[],
): Assertion | null {
  let total = 0;
  const opposed = { negated: 0, family: 0 };
  const ofQuery = { negated: 0, family: 0 };
  for (const { term, weight } of shared) {
    total += weight;
    const said = note.get(term);
    if (said !== 'negated' && said !== 'family') continue;
    if (query.get(term) === said) continue;
    opposed[said] += weight;
    ofQuery[said] += weights.get(term) ?? 0;
  }
  if (total === 0) return null;
  const kind = opposed.negated >= opposed.family ? 'negated' : 'family';
  const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const isMeant = ofQuery[kind] >= leastOfQuery * whole;
  return isMeant && opposed[kind] / total > mostOpposed ? kind : null;
}
