/** A note as lookups hold it in memory: its fields and where its vectors are, but no text. */
import type { DocumentRow } from './tables.js';

export const noteColumns = [
  ...(['key', 'id', 'fingerprint', 'category', 'label'] as const),
  ...(['group', 'date', 'fields', 'file'] as const),
] as const;

export interface SnapshotPassage {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** Of its vector, in the snapshot's `rows`. */
  readonly row: number;
}

export interface SnapshotNote extends Pick<DocumentRow, (typeof noteColumns)[number]> {
  /** Of a note that is a whole file: its folder within the corpus, "." for the corpus's own. */
  readonly folder: string | null;
  /** In the order of the text; none if the model can read nothing of the note. */
  readonly passages: readonly SnapshotPassage[];
}

/** As it is read, before its vectors have a place. */
export interface ReadNote extends Omit<SnapshotNote, 'passages'> {
  readonly passages: readonly Omit<SnapshotPassage, 'row'>[];
}
