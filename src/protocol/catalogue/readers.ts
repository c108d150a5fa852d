/** Kinds of corpora that can be read, in the order in which a source is tried. */

export interface ReaderEntry {
  /** In the plural, for a file dialogue: "CSV tables". */
  readonly label: string;
  readonly sentence: string;
  /** Ends of file names, in lower case, with the dot; the first is the one that is named to people. */
  readonly endings: readonly string[];
  /** `folder`: a file is a note; `table`: a row or record is one, and the file may be gzipped. */
  readonly holds: 'folder' | 'table';
}

export const readers = {
  folder: {
    label: 'Folders of notes',
    sentence: 'A folder of text files, a note each; a sub-folder is its category.',
    endings: ['.txt', '.md'],
    holds: 'folder',
  },
  csv: {
    label: 'CSV tables',
    sentence: 'A table with commas or semicolons, a note a row.',
    endings: ['.csv'],
    holds: 'table',
  },
  tsv: {
    label: 'TSV tables',
    sentence: 'A table with tabs, a note a row.',
    endings: ['.tsv'],
    holds: 'table',
  },
  jsonl: {
    label: 'JSON Lines',
    sentence: 'A JSON object a line, each a note.',
    endings: ['.jsonl', '.ndjson'],
    holds: 'table',
  },
} as const satisfies Readonly<Record<string, ReaderEntry>>;

export type ReaderName = keyof typeof readers;
export const readerNames = Object.keys(readers) as ReaderName[];
