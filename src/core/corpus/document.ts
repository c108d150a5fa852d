/** A note with its metadata. */
export interface Document {
  /** Unique in its corpus: the `id` field, the file's relative path, or `row-N`. */
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  readonly label: string | null;
  /** The patient (or other subject); documents of one group never straddle a split. */
  readonly group: string | null;
  /** In ISO 8601 (yyyy-mm-dd, with a time if the source has one). */
  readonly date: string | null;
  /** The corpus's own split, as written in the source. */
  readonly split: string | null;
  /**
   * Relative path with forward slashes; `null` for a row of a table, and for a file that an editor does not
   * show as it was read: a letter, or a text without its markup.
   */
  readonly file: string | null;
  /** 1-based line or row in the source; 1 if the note is a whole file. */
  readonly row: number;
  /** Other columns that the user keeps with the note, by name; empty if none is kept. */
  readonly fields: FieldValues;
}

/** Numbers as numbers, dates in ISO 8601, all else as text; `null` where a value is missing. */
export type FieldValue = string | number | null;
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** A problem in a corpus and where it is. */
export interface Problem {
  /** `file:line`, the file relative to the corpus. */
  readonly where: string;
  readonly what: string;
  /** Whether the record was skipped because of it; otherwise the note is still used. */
  readonly skipped: boolean;
}
