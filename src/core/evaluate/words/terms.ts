/**
 * Words and pairs of neighbouring words of texts, counted as scikit-learn's CountVectorizer does.
 */
import { wordsOf } from '../../corpus/terms.js';
import type { SparseRows } from '../logistic/featureMatrix.js';
import { pairTable } from './pairTable.js';
import type { PairTable } from './pairTable.js';

export interface TermOptions {
  /** Whether pairs of neighbouring words are terms too. */
  readonly pairs: boolean;
  /** Terms in fewer of the fitted texts are left out. */
  readonly minDocuments: number;
}

/** Terms in the order of their code points, as Python sorts them; a pair is joined by a space. */
export interface Terms {
  readonly terms: readonly string[];
  /** Number of the fitted texts that hold each term. */
  readonly documents: Int32Array;
  /** Counts of the terms in other texts; what no fitted text held is not counted. */
  readonly count: (texts: readonly string[]) => SparseRows;
}

/** Learns the terms of `texts`, and counts them there. */
export function fitTerms(
  texts: readonly string[],
  { pairs, minDocuments }: TermOptions,
): Terms & { readonly counts: SparseRows } {
  const words = new Map<string, number>();
  const pairIds = pairs ? pairTable() : null;
  const rows = texts.map((text) => wordIds(text, (word) => wordId(words, word)));
  // Words take the even numbers and pairs the odd ones, so both can grow while texts are read.
  const seen = rows.map((row) => termIds(row, pairIds, true));
  const found = documentCounts(seen, 2 * Math.max(words.size, pairIds?.size() ?? 0) + 1);
  const wordList = [...words.keys()];
  const kept = inOrder(wordList, pairIds, (id) => {
    const documents = found[id]!;
    return documents > 0 && documents >= minDocuments;
  });
  const columnOf = new Int32Array(found.length).fill(-1);
  kept.forEach((id, column) => {
    columnOf[id] = column;
  });
  const text = (id: number): string => {
    if (id % 2 === 0) return wordList[id / 2]!;
    const [first, second] = pairIds!.pair((id - 1) / 2);
    return `${wordList[first]!} ${wordList[second]!}`;
  };
  const toRows = (ids: readonly Int32Array[]): SparseRows => countRows(ids, columnOf, kept.length);
  return {
    terms: Array.from(kept, text),
    documents: kept.map((id) => found[id]!),
    counts: toRows(seen),
    count: (others) =>
      toRows(
        others.map((other) =>
          termIds(
            wordIds(other, (word) => words.get(word) ?? -1),
            pairIds,
            false,
          ),
        ),
      ),
  };
}

/**
 * The terms that are kept, in the order of their code points. A space comes before whatever a word
 * consists of, so a pair's place follows from the places of its words, and numbers are sorted, not texts.
 */
function inOrder(
  words: readonly string[],
  pairs: PairTable | null,
  isKept: (id: number) => boolean,
): Int32Array {
  const sorted = Int32Array.from(words.keys()).sort((a, b) =>
    compareCodePoints(words[a]!, words[b]!),
  );
  const placeOf = new Int32Array(words.length);
  sorted.forEach((word, place) => {
    placeOf[word] = place;
  });
  // A word alone comes before its pairs.
  const base = words.length + 1;
  const keys: number[] = [];
  words.forEach((_, word) => {
    if (isKept(2 * word)) keys.push(placeOf[word]! * base);
  });
  for (let id = 0; id < (pairs?.size() ?? 0); id++) {
    const [first, second] = pairs!.pair(id);
    if (isKept(2 * id + 1)) keys.push(placeOf[first]! * base + placeOf[second]! + 1);
  }
  return Int32Array.from(Float64Array.from(keys).sort(), (key) => {
    const first = sorted[Math.floor(key / base)]!;
    const second = key % base;
    return second === 0 ? 2 * first : 2 * pairs!.find(first, sorted[second - 1]!) + 1;
  });
}

function wordId(words: Map<string, number>, word: string): number {
  let id = words.get(word);
  if (id === undefined) {
    id = words.size;
    words.set(word, id);
  }
  return id;
}

function wordIds(text: string, idOf: (word: string) => number): Int32Array {
  return Int32Array.from(wordsOf(text), idOf);
}

/** @param words -1 for a word that is not known */
function termIds(words: Int32Array, pairs: PairTable | null, grow: boolean): Int32Array {
  const ids: number[] = [];
  words.forEach((word, i) => {
    if (word >= 0) ids.push(2 * word);
    const next = words[i + 1] ?? -1;
    if (pairs === null || word < 0 || next < 0) return;
    const pair = grow ? pairs.add(word, next) : pairs.find(word, next);
    if (pair >= 0) ids.push(2 * pair + 1);
  });
  return Int32Array.from(ids).sort();
}

function documentCounts(rows: readonly Int32Array[], size: number): Int32Array {
  const counts = new Int32Array(size);
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) if (row[i] !== row[i + 1]) counts[row[i]!]!++;
  }
  return counts;
}

/** @param rows ids of terms with repetitions */
function countRows(rows: readonly Int32Array[], columnOf: Int32Array, columns: number): SparseRows {
  const sorted = rows.map((row) =>
    row
      .map((id) => columnOf[id]!)
      .filter((column) => column >= 0)
      .sort(),
  );
  const starts = new Int32Array(rows.length + 1);
  sorted.forEach((row, i) => {
    let distinct = 0;
    for (let k = 0; k < row.length; k++) if (row[k] !== row[k + 1]) distinct++;
    starts[i + 1] = starts[i]! + distinct;
  });
  const size = starts[rows.length]!;
  const indices = new Int32Array(size);
  const values = new Float64Array(size);
  let at = 0;
  for (const row of sorted) {
    for (let k = 0; k < row.length; k++) {
      values[at]!++;
      if (row[k] === row[k + 1]) continue;
      indices[at++] = row[k]!;
    }
  }
  return { rows: rows.length, columns, starts, indices, values };
}

/** JavaScript compares UTF-16 units, which puts characters beyond U+FFFF before some below it. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (one === other) continue;
    const surrogates = Number(isSurrogate(one)) - Number(isSurrogate(other));
    return surrogates === 0 ? one - other : surrogates;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
