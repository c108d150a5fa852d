/** A note with what is known about it. */
export interface Document {
  /** Unique in its corpus: the `id` field, the file's relative path, or `row-N`. */
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  readonly label: string | null;
  /** Whom the note is about (patient); documents of one group never straddle a split. */
  readonly group: string | null;
  /** As ISO 8601 (yyyy-mm-dd, with a time where the source has one). */
  readonly date: string | null;
  /** The corpus's own split, as written there. */
  readonly split: string | null;
  /** Relative path with forward slashes; `null` for a row of a table. */
  readonly file: string | null;
  /** 1-based line or row in its source; 1 for a file of its own. */
  readonly row: number;
}

/** Something in a corpus that is not as it should be, with the place where it stands. */
export interface Problem {
  /** `file:line`, the file relative to the corpus. */
  readonly where: string;
  readonly what: string;
  /** Whether what stands there was left out for it; otherwise it is a remark on a note that is used. */
  readonly skipped: boolean;
}
