/** Kinds of corpora, in the order in which they are tried for a source. */

/** How a file is decoded, and cut into records and values. */
export const cutSettings = [
  'delimiter',
  'quote',
  'escape',
  'header',
  'skipRows',
  'encoding',
] as const;
export type CutSetting = (typeof cutSettings)[number];

export interface ReaderEntry {
  /** In the plural, for a file dialogue: "CSV tables". */
  readonly label: string;
  readonly sentence: string;
  /** File name extensions shown to users, in lower case, with the dot. */
  readonly endings: readonly string[];
  /** Further extensions that are accepted. */
  readonly otherEndings: readonly string[];
  /**
   * `folder`: one note per file; `table`: one note per row or record, and the file may be gzipped.
   */
  readonly holds: 'folder' | 'table';
  /**
   * How an editor finds the file's records: as objects of JSON, as elements of XML, or as values
   * between delimiters whose quotes may span lines. `null`: not supported.
   */
  readonly records: 'json' | 'xml' | { readonly delimiter: string } | null;
  /** What of a file's cut a user can settle; the rest would mean nothing. */
  readonly settings: readonly CutSetting[];
  /** Whether a file usually holds one note, so that a folder of such files is a corpus. */
  readonly isFilePerNote?: boolean;
}

export const readers = {
  folder: {
    label: 'Folders of notes',
    sentence:
      'A folder of texts or letters (Word, RTF, PDF, HTML), a note each; a sub-folder is its category.',
    endings: ['.txt', '.md'],
    otherEndings: ['.text', '.markdown', '.docx', '.rtf', '.pdf', '.html', '.htm'],
    holds: 'folder',
    records: null,
    settings: ['encoding'],
  },
  csv: {
    label: 'CSV tables',
    sentence: 'A table with commas, semicolons, pipes or the like, a note a row.',
    endings: ['.csv'],
    otherEndings: ['.psv', '.dat', '.asc', '.txt'],
    holds: 'table',
    records: { delimiter: ',' },
    settings: cutSettings,
  },
  tsv: {
    label: 'TSV tables',
    sentence: 'A table with tabs, a note a row.',
    endings: ['.tsv'],
    otherEndings: ['.tab'],
    holds: 'table',
    records: { delimiter: '\t' },
    settings: cutSettings,
  },
  jsonl: {
    label: 'JSON Lines',
    sentence: 'A JSON object a line, each a note.',
    endings: ['.jsonl'],
    otherEndings: ['.ndjson', '.jsonlines'],
    holds: 'table',
    records: 'json',
    settings: ['encoding'],
  },
  json: {
    label: 'JSON',
    sentence: 'A list of JSON objects, each a note, by itself or within an object.',
    endings: ['.json'],
    otherEndings: [],
    holds: 'table',
    records: 'json',
    settings: ['encoding'],
  },
  parquet: {
    label: 'Parquet files',
    sentence: 'A note a row, in columns.',
    endings: ['.parquet'],
    otherEndings: ['.pq'],
    holds: 'table',
    records: null,
    settings: [],
  },
  xlsx: {
    label: 'Excel workbooks',
    sentence: 'A sheet with a note a row; sheets with the same columns are read together.',
    endings: ['.xlsx'],
    otherEndings: ['.xlsm'],
    holds: 'table',
    records: null,
    settings: ['header', 'skipRows'],
  },
  xml: {
    label: 'XML files',
    sentence: 'An element for each note, as n2c2, i2b2 and BioC have them.',
    endings: ['.xml'],
    otherEndings: [],
    holds: 'table',
    records: 'xml',
    settings: ['encoding'],
    isFilePerNote: true,
  },
} as const satisfies Readonly<Record<string, ReaderEntry>>;

export type ReaderName = keyof typeof readers;
export const readerNames = Object.keys(readers) as ReaderName[];

/** Readers of text in which an editor can find the records. */
export type TableKind = {
  [Name in ReaderName]: (typeof readers)[Name]['records'] extends null ? never : Name;
}[ReaderName];
