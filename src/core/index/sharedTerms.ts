/** The words that a query and a note have in common, and whether the note denies them. */
import { assertionsIn } from '../corpus/assertions.js';
import type { Assertion } from '../corpus/assertions.js';
import { sublinearFrequency, wordsOf } from '../corpus/terms.js';
import type { Postings } from './terms/postings.js';

export interface SharedTerm {
  readonly term: string;
  /** Its share of what the note's keyword similarity consists of, in (0, 1]. */
  readonly weight: number;
}

/** What the words of a text weigh, as TF-IDF counts them: by word. */
export type TermWeights = ReadonlyMap<string, number>;

export function termWeights(postings: Postings, text: string): TermWeights {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weights = new Map<string, number>();
  for (const [word, count] of counts) {
    const term = postings.vocabulary.get(word);
    if (term === undefined) continue;
    weights.set(word, sublinearFrequency(count) * postings.inverseFrequencies[term]!);
  }
  return weights;
}

/** The weightiest words in common, weightiest first. */
export function sharedTerms(query: TermWeights, note: TermWeights, most: number): SharedTerm[] {
  const products = [...query].flatMap(([term, weight]) => {
    const other = note.get(term);
    return other === undefined ? [] : [{ term, weight: weight * other }];
  });
  const sum = products.reduce((total, { weight }) => total + weight, 0);
  return products
    .map(({ term, weight }) => ({ term, weight: weight / sum }))
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
    .slice(0, most);
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

/**
 * `negated` or `family` if the note denies most of what it shares with the query, or says it of the
 * family, and the query does not; else `null`. Words that nearly every note holds decide nothing.
 */
export function oppositionOf(
  query: AssertedWords,
  note: AssertedWords,
  shared: readonly SharedTerm[],
): Assertion | null {
  let total = 0;
  const opposed = { negated: 0, family: 0 };
  for (const { term, weight } of shared) {
    total += weight;
    const said = note.get(term);
    if (said !== 'negated' && said !== 'family') continue;
    if (query.get(term) !== said) opposed[said] += weight;
  }
  if (total === 0) return null;
  const kind = opposed.negated >= opposed.family ? 'negated' : 'family';
  return opposed[kind] / total > mostOpposed ? kind : null;
}
