/** Folds almost identical notes into one result. */
import { sketchSize } from '../corpus/nearDuplicates.js';

/** Share of common shingles of four words, estimated, from which notes are almost identical. */
const threshold = 0.85;
const mostDifferences = Math.floor((1 - threshold) * sketchSize);

/**
 * Notes by parts of their sketches. There is a part more than sketches of near-copies may differ in bytes, so
 * that two of them always have a part in common.
 */
export interface CopyIndex {
  /** Places of the notes that share a part with one, itself left out, each once, ascending. */
  candidates(note: number): number[];
}

const parts = mostDifferences + 1;
const edges = Array.from({ length: parts + 1 }, (_, i) => Math.floor((i * sketchSize) / parts));

/** @param sketches [notes, sketchSize] */
export function copyIndex(sketches: Uint8Array): CopyIndex {
  const notes = sketches.length / sketchSize;
  const buckets = 2 ** Math.ceil(Math.log2(notes + 1));
  const bucketOf = (note: number, part: number): number => {
    let hash = part;
    for (let i = edges[part]!; i < edges[part + 1]!; i++) {
      hash = Math.imul(hash ^ sketches[note * sketchSize + i]!, 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) & (buckets - 1);
  };
  // Chains: the last note of each bucket, and before each note the one of the same bucket; places plus one.
  const heads = Array.from({ length: parts }, () => new Uint32Array(buckets));
  const before = Array.from({ length: parts }, () => new Uint32Array(notes));
  for (let part = 0; part < parts; part++) {
    for (let note = 0; note < notes; note++) {
      const bucket = bucketOf(note, part);
      before[part]![note] = heads[part]![bucket]!;
      heads[part]![bucket] = note + 1;
    }
  }
  return {
    candidates(note) {
      const found = new Set<number>();
      for (let part = 0; part < parts; part++) {
        for (let at = heads[part]![bucketOf(note, part)]!; at > 0; at = before[part]![at - 1]!) {
          if (at - 1 !== note) found.add(at - 1);
        }
      }
      return [...found].sort((a, b) => a - b);
    },
  };
}

export function areNearCopies(
  { sketches }: { readonly sketches: Uint8Array },
  a: number,
  b: number,
): boolean {
  let differences = 0;
  for (let i = 0; i < sketchSize; i++) {
    if (sketches[a * sketchSize + i] === sketches[b * sketchSize + i]) continue;
    if (++differences > mostDifferences) return false;
  }
  return true;
}

/** Places of the notes almost identical to one, itself left out, in the order of their ids. */
export function nearCopiesOf(
  snapshot: { readonly sketches: Uint8Array; readonly copies: CopyIndex },
  note: number,
  mayBeFound: (note: number) => boolean,
): number[] {
  return snapshot.copies
    .candidates(note)
    .filter((other) => mayBeFound(other) && areNearCopies(snapshot, note, other));
}
