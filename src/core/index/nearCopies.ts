/** Folds almost identical notes into one result. */
import { sketchSize } from '../corpus/nearDuplicates.js';
import type { Snapshot } from './snapshot.js';

/** Share of common shingles of four words, estimated, from which notes are almost identical. */
const threshold = 0.85;
const mostDifferences = Math.floor((1 - threshold) * sketchSize);

export function areNearCopies({ sketches }: Snapshot, a: number, b: number): boolean {
  let differences = 0;
  for (let i = 0; i < sketchSize; i++) {
    if (sketches[a * sketchSize + i] === sketches[b * sketchSize + i]) continue;
    if (++differences > mostDifferences) return false;
  }
  return true;
}

/** Places of the notes almost identical to one, itself left out, in the order of their ids. */
export function nearCopiesOf(
  snapshot: Snapshot,
  note: number,
  mayBeFound: (note: number) => boolean,
): number[] {
  const copies: number[] = [];
  for (let other = 0; other < snapshot.notes.length; other++) {
    if (other !== note && mayBeFound(other) && areNearCopies(snapshot, note, other)) {
      copies.push(other);
    }
  }
  return copies;
}
