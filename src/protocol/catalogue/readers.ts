/** Kinds of corpora that can be read, in the order in which a source is tried. */

export interface ReaderEntry {
  /** In the plural, for a file dialogue: "CSV tables". */
  readonly label: string;
  readonly sentence: string;
  /** Ends of file names that people are told, in lower case, with the dot. */
  readonly endings: readonly string[];
  /** Others that are read as well. */
  readonly otherEndings: readonly string[];
  /** `folder`: a file is a note; `table`: a row or record is one, and the file may be gzipped. */
  readonly holds: 'folder' | 'table';
  /**
   * How an editor that shows the file finds its records: a line each, or values between delimiters that
   * quotes may carry over several lines. `null`: it cannot.
   */
  readonly records: 'lines' | { readonly delimiter: string } | null;
}

export const readers = {
  folder: {
    label: 'Folders of notes',
    sentence: 'A folder of text files, a note each; a sub-folder is its category.',
    endings: ['.txt', '.md'],
    otherEndings: ['.text', '.markdown'],
    holds: 'folder',
    records: null,
  },
  csv: {
    label: 'CSV tables',
    sentence: 'A table with commas or semicolons, a note a row.',
    endings: ['.csv'],
    otherEndings: [],
    holds: 'table',
    records: { delimiter: ',' },
  },
  tsv: {
    label: 'TSV tables',
    sentence: 'A table with tabs, a note a row.',
    endings: ['.tsv'],
    otherEndings: ['.tab'],
    holds: 'table',
    records: { delimiter: '\t' },
  },
  jsonl: {
    label: 'JSON Lines',
    sentence: 'A JSON object a line, each a note.',
    endings: ['.jsonl'],
    otherEndings: ['.ndjson', '.jsonlines'],
    holds: 'table',
    records: 'lines',
  },
} as const satisfies Readonly<Record<string, ReaderEntry>>;

export type ReaderName = keyof typeof readers;
export const readerNames = Object.keys(readers) as ReaderName[];

/** Readers of text whose records an editor can find. */
export type TableKind = {
  [Name in ReaderName]: (typeof readers)[Name]['records'] extends null ? never : Name;
}[ReaderName];
