/** A corpus: a source of notes, opened and mapped, ready to stream. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import type {
  DateOrder,
  Dialect,
  KeptField,
  Reading,
  FieldType,
} from '../../protocol/catalogue/reading.js';
import type { Document, Problem } from './document.js';
import type { Remark } from './remark.js';

export interface CorpusSource {
  /** A folder or file that one of the readers accepts. */
  readonly source: string;
  /** Fields mapped by hand: a name, or `null` for "none"; the others are guessed. */
  readonly mapping: Partial<FieldMapping>;
  /** How the file is read, as far as settled by hand; the rest is guessed. */
  readonly reading?: Reading | undefined;
  /** A list of notes, if these alone are the corpus (see `chosenNotes.ts`). */
  readonly only?: string | undefined;
}

/** How often a value that counts as missing stands in a mapped field. */
export interface MissingCount {
  readonly field: string;
  /** As written; empty for an empty value. */
  readonly value: string;
  readonly count: number;
}

/** What a field looks like by its name and its first values. */
export interface ColumnSummary {
  readonly name: string;
  readonly type: FieldType;
  /** Why it should not be kept unless asked for, in a few words; `null` if nothing speaks against it. */
  readonly caution: string | null;
}

/** Columns of a table that has a row for each line of a note. */
export interface LineColumns {
  /** Names the note. */
  readonly id: string;
  /** Numbers the lines within it. */
  readonly number: string;
}

export interface Corpus {
  readonly source: string;
  readonly kind: ReaderName;
  readonly mapping: FieldMapping;
  /** Fields available for mapping. */
  readonly fields: readonly string[];
  /** The same, by what their first values look like. */
  readonly columns: readonly ColumnSummary[];
  /** Streams the documents; each call rereads the source. */
  read(signal?: AbortSignal): AsyncIterable<Document>;
  /** The first value of a field that is not empty; `null` if there is none among the first notes. */
  firstValue(field: string): string | null;
  /** Grows while reading; rereading does not list a problem twice. */
  readonly problems: readonly Problem[];
  /** What the last read skipped: records without a note, and unreadable files. */
  readonly skipped: number;
  /** `null` without a date field, or before the first read. */
  readonly dateOrder: DateOrder | null;
  /** `null` if the notes are whole files. */
  readonly encoding: string | null;
  /** `null` if the source is no delimited table. */
  readonly dialect: Dialect | null;
  /** Columns that tell the lines of notes, if the table seems to have a row for each line. */
  readonly lines: LineColumns | null;
  /** Settled by hand. */
  readonly reading: Reading | undefined;
  /** Columns that are kept with every note. Their types are known once it was read; text till then. */
  readonly kept: readonly KeptField[];
  /** Of the last read. */
  readonly missing: readonly MissingCount[];
  /** Values that may stand for a missing one, but are kept as classes; of the last read. */
  readonly classes: readonly MissingCount[];
}

/** One note as a reader found it, before field mapping. */
export interface Row {
  /** `file:line`. */
  readonly where: string;
  readonly line: number;
  /** Relative path, if the note is a whole file. */
  readonly file: string | null;
  /** The file's text; `null` for a table row. */
  readonly text: string | null;
  /** Whether the text was taken out of another format, so that an editor shows the file otherwise. */
  readonly isExtracted?: boolean;
  /**
   * @param list how the items of a list become one value: the lines of a text, or the set of its
   *   labels ("a; b"), which is the default
   */
  value(field: string, list?: ListValue): string | null;
}

export type ListValue = 'lines' | 'set';

/** What a reader provides: rows and the names of their fields. */
export interface RowSource {
  readonly kind: ReaderName;
  readonly fields: readonly string[];
  /** Fields implied by the kind of source, such as sub-folder as category. */
  readonly natural: Partial<FieldMapping>;
  /** `null` if the notes are whole files. */
  readonly encoding?: string | null;
  /** Only for a delimited table. */
  readonly dialect?: Dialect;
  /** What to say of a mapping that may not be what is meant. */
  readonly advice?: (mapping: FieldMapping) => Remark | null;
  /** The first rows, for guessing the mapping. */
  readonly sample: readonly Row[];
  /** Whether any row has the field; asked when a mapped field is not in `fields`. */
  hasField(field: string, signal?: AbortSignal): Promise<boolean>;
  rows(signal?: AbortSignal): AsyncIterable<Row>;
}

/**
 * @param effect on the record: skipped, or kept as a note all the same
 * @param records how many it is about; 1 if absent
 */
export type ReportProblem = (
  where: string,
  what: Remark,
  effect: 'skipped' | 'kept',
  records?: number,
) => void;

/** Opens a file with the reader for it; for readers of folders. */
export type OpenFile = (
  file: string,
  report: ReportProblem,
  signal?: AbortSignal,
  reading?: Reading,
) => Promise<RowSource>;

/** The beginning of a file, decompressed. */
export interface FileHead {
  readonly bytes: Buffer;
  /** Empty if it is no text. */
  readonly text: string;
  /** Whether that is all. */
  readonly isWhole: boolean;
}

/** Reads one kind of source; the catalogue entry says which files it accepts. */
export interface Reader {
  readonly open: (
    path: string,
    report: ReportProblem,
    signal: AbortSignal | undefined,
    reading: Reading | undefined,
    openFile: OpenFile,
  ) => Promise<RowSource>;
  /** Whether a file is of this kind, whatever its name; absent if only its name says so. */
  readonly recognises?: (head: FileHead) => boolean;
  /**
   * Rows of a table's text, header included; `null` if notes are not table rows. With the dialect
   * of the table that it is a part of, if that is delimited.
   */
  readonly rowsOf:
    | ((
        text: string,
        name: string,
        report: ReportProblem,
        dialect?: Dialect | null,
      ) => AsyncIterable<Row>)
    | null;
}
