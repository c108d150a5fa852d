/** A corpus: where notes come from, opened and mapped, ready to be streamed. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import type { Document, Problem } from './document.js';

export interface CorpusSource {
  /** A folder or a file that one of the readers knows. */
  readonly source: string;
  /** Fields mapped by hand: a name, or `null` for "none"; the others are guessed. */
  readonly mapping: Partial<FieldMapping>;
}

/** How a column of dates is read: `iso` where nothing in it is ambiguous. */
export type DateOrder = 'iso' | 'day-first' | 'month-first';

export interface Corpus {
  readonly source: string;
  readonly kind: ReaderName;
  readonly mapping: FieldMapping;
  /** Fields that a part can be mapped to. */
  readonly fields: readonly string[];
  /** Streams the documents; every call reads the source anew. */
  read(signal?: AbortSignal): AsyncIterable<Document>;
  /** Grows while reading; what is met again on a second reading is listed once. */
  readonly problems: readonly Problem[];
  /** What the last reading left out: records without a note, and files that could not be read. */
  readonly skipped: number;
  /** `null` without a date field, or before the first reading. */
  readonly dateOrder: DateOrder | null;
}

/** One note as a reader found it, before fields are mapped. */
export interface Row {
  /** `file:line`. */
  readonly where: string;
  readonly line: number;
  /** Relative path of a note that is a file of its own. */
  readonly file: string | null;
  /** The file's text; `null` for a row of a table. */
  readonly text: string | null;
  value(field: string): string | null;
}

/** What a reader offers: rows, and the names of their fields. */
export interface RowSource {
  readonly kind: ReaderName;
  readonly fields: readonly string[];
  /** Parts that the kind of source settles by itself, such as a sub-folder as category. */
  readonly natural: Partial<FieldMapping>;
  /** First rows, for guessing. */
  readonly sample: readonly Row[];
  /** Whether any row has the field: asked when a mapped field is not in `fields`. */
  hasField(field: string, signal?: AbortSignal): Promise<boolean>;
  rows(signal?: AbortSignal): AsyncIterable<Row>;
}

/** @param effect on the record: it is left out, or it is a note all the same */
export type ReportProblem = (where: string, what: string, effect: 'skipped' | 'kept') => void;

/** Reads one kind of source; which files are its own says its entry in the catalogue. */
export interface Reader {
  readonly open: (path: string, report: ReportProblem, signal?: AbortSignal) => Promise<RowSource>;
  /** Rows of a table's text, header included; `null` where notes are not rows of a text. */
  readonly rowsOf:
    ((text: string, name: string, report: ReportProblem) => AsyncIterable<Row>) | null;
}
