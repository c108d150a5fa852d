/** The words of notes, note by note: what keyword search and near-copies are found by. */
import { sketchOf, sketchSize } from '../../corpus/nearDuplicates.js';
import { wordsOf } from '../../corpus/terms.js';

export interface TermSource {
  readonly key: string;
  readonly fingerprint: string;
  readonly text: string;
}

/** Rows of a sparse matrix [notes, words]; the words of note i stand from `starts[i]` to `starts[i + 1]`. */
export interface TermRows {
  readonly keys: readonly string[];
  /** Of the notes that the words were counted in. */
  readonly fingerprints: readonly string[];
  readonly vocabulary: readonly string[];
  /** [notes + 1] */
  readonly starts: Uint32Array;
  /** Places in the vocabulary. */
  readonly terms: Uint32Array;
  /** How often each word occurs in its note, at most `mostCounted`. */
  readonly counts: Uint16Array;
  /** [notes, sketchSize] */
  readonly sketches: Uint8Array;
}

export const mostCounted = 0xffff;

export function termRowsOf(notes: readonly TermSource[]): TermRows {
  const vocabulary = new Map<string, number>();
  const starts = new Uint32Array(notes.length + 1);
  const terms: number[] = [];
  const counts: number[] = [];
  const sketches = new Uint8Array(notes.length * sketchSize);
  notes.forEach(({ text }, i) => {
    const found = new Map<number, number>();
    for (const word of wordsOf(text)) {
      let term = vocabulary.get(word);
      if (term === undefined) vocabulary.set(word, (term = vocabulary.size));
      found.set(term, (found.get(term) ?? 0) + 1);
    }
    for (const [term, count] of found) {
      terms.push(term);
      counts.push(Math.min(mostCounted, count));
    }
    starts[i + 1] = terms.length;
    sketches.set(sketchOf(text), i * sketchSize);
  });
  return {
    keys: notes.map(({ key }) => key),
    fingerprints: notes.map(({ fingerprint }) => fingerprint),
    vocabulary: [...vocabulary.keys()],
    starts,
    terms: Uint32Array.from(terms),
    counts: Uint16Array.from(counts),
    sketches,
  };
}

/** Which rows of which portion. */
export interface ChosenRow {
  readonly from: TermRows;
  readonly row: number;
}

/** The chosen rows in one portion, whose vocabulary holds their words and no others. */
export function joinTermRows(chosen: readonly ChosenRow[]): TermRows {
  const vocabulary = new Map<string, number>();
  /** By portion: the new place of each of its words plus one, 0 where it has none yet. */
  const places = new Map<TermRows, Uint32Array>();
  const sizeOf = ({ from, row }: ChosenRow): number => from.starts[row + 1]! - from.starts[row]!;
  const size = chosen.reduce((sum, one) => sum + sizeOf(one), 0);
  const starts = new Uint32Array(chosen.length + 1);
  const terms = new Uint32Array(size);
  const counts = new Uint16Array(size);
  const sketches = new Uint8Array(chosen.length * sketchSize);
  let at = 0;
  chosen.forEach(({ from, row }, i) => {
    let known = places.get(from);
    if (known === undefined) {
      places.set(from, (known = new Uint32Array(from.vocabulary.length)));
    }
    for (let k = from.starts[row]!; k < from.starts[row + 1]!; k++) {
      const term = from.terms[k]!;
      if (known[term] === 0) {
        const word = from.vocabulary[term]!;
        let place = vocabulary.get(word);
        if (place === undefined) vocabulary.set(word, (place = vocabulary.size));
        known[term] = place + 1;
      }
      terms[at] = known[term]! - 1;
      counts[at++] = from.counts[k]!;
    }
    starts[i + 1] = at;
    const sketch = from.sketches.subarray(row * sketchSize, (row + 1) * sketchSize);
    sketches.set(sketch, i * sketchSize);
  });
  return {
    keys: chosen.map(({ from, row }) => from.keys[row]!),
    fingerprints: chosen.map(({ from, row }) => from.fingerprints[row]!),
    vocabulary: [...vocabulary.keys()],
    starts,
    terms,
    counts,
    sketches,
  };
}
