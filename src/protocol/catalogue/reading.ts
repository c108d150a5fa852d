/** How a delimited table is cut into records and values, and what of it a user can overrule. */
import { readerEntries } from './sources.js';
import { readerNames } from './readers.js';
import type { ReaderName } from './readers.js';

/** Settled on a sample of the file; plain data, so that it can be shown and stored. */
export interface Dialect {
  /** One or more characters. */
  readonly delimiter: string;
  /** Around values that hold a delimiter or a line break; `null` if quotes are plain text. */
  readonly quote: '"' | "'" | null;
  /** How a quote within a quoted value is written: twice, or after a backslash. */
  readonly escape: 'doubled' | 'backslash';
  /** What ends a record: any line break; LF or CRLF (a lone CR is text); CRLF alone. */
  readonly lineEnds: 'any' | 'lf' | 'crlf';
  /** Lines above the header or, without one, above the first record. */
  readonly skipRows: number;
  /** Whether the first record names the columns. */
  readonly header: boolean;
  /** Whether the header leaves out the name of the first column, as R writes row names. */
  readonly rowNames: boolean;
  readonly columns: number;
  /**
   * What the first value of every record looks like, if unquoted values run over several lines: a
   * line that begins otherwise continues the record above. `null`: every line break outside quotes
   * ends a record.
   */
  readonly recordStart: RecordStart | null;
}

/** Digits; or letters and digits without a blank, such as `N-17` or `2024-03-01`. */
export type RecordStart = 'number' | 'code';

/** The field of a folder's notes that holds the highest sub-folder in which they differ. */
export const firstFolderField = 'first folder';

/** What a user settled by hand; what is absent is guessed. */
export interface Reading {
  readonly delimiter?: string | undefined;
  /** `none`: quotes are plain text. */
  readonly quote?: '"' | "'" | 'none' | undefined;
  readonly escape?: Dialect['escape'] | undefined;
  /** A name that iconv-lite knows. */
  readonly encoding?: string | undefined;
  readonly header?: boolean | undefined;
  readonly skipRows?: number | undefined;
  readonly format?: ReaderName | undefined;
  /** Values that count as missing, instead of the usual ones. An empty value always does. */
  readonly missingValues?: readonly string[] | undefined;
  /** Further columns of the text, joined to it under their names. */
  readonly moreText?: readonly string[] | undefined;
  /** The column that numbers the lines of a note: rows of the same id are joined in its order. */
  readonly joinLines?: string | undefined;
  /** Columns that are kept with every note, beside those that have a role. */
  readonly keep?: readonly string[] | undefined;
  /** How dates are written. */
  readonly dateOrder?: DateOrder | undefined;
}

/** How the dates of a column are written; `iso`: none of them is ambiguous. */
export const dateOrders = [
  'iso',
  'day-first',
  'month-first',
  'epoch-seconds',
  'epoch-milliseconds',
  'excel-serial',
] as const;
export type DateOrder = (typeof dateOrders)[number];

/** What the values of a kept column are. */
export const fieldTypes = ['text', 'number', 'date'] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface KeptField {
  readonly name: string;
  readonly type: FieldType;
}

export const quoteNames = ['"', "'", 'none'] as const;
export const escapeNames = ['doubled', 'backslash'] as const;
/** Formats of files. */
export const formatNames = readerNames.filter((name) => readerEntries[name].holds === 'table');

/** Delimiters that are tried. */
export const delimiters = [',', ';', '\t', '||', '|', '^', '~', '\u0001'] as const;

/** Written in place of a value, whatever the column. */
export const usualMissingValues = [
  ...['NULL', 'Null', 'null', 'NA', 'N/A', '#N/A', '<NA>', 'nan', 'NaN', 'NAN', 'NaT', '\\N'],
  ...['None', 'none'],
] as const;

/** Missing in most columns, but perhaps a class of a category or label: "degree of harm: None". */
export const perhapsClasses: readonly string[] = ['None', 'none', 'N/A'];

const delimiterNames: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  '\\u0001': '\u0001',
  '\\x01': '\u0001',
  '^A': '\u0001',
};

/** A delimiter as a user types it, `tab` and `\t` included. */
export function delimiterOf(written: string): string {
  return delimiterNames[written] ?? written;
}

/** A delimiter for a person: "comma", "tab", or the character itself. */
export function delimiterName(delimiter: string): string {
  const named: Readonly<Record<string, string>> = {
    ',': 'comma',
    ';': 'semicolon',
    '\t': 'tab',
    '|': 'pipe',
    '||': 'two pipes',
    '\u0001': 'control character 1',
  };
  return named[delimiter] ?? delimiter;
}

/** A dialect in a few words: "comma, double quotes doubled, header in line 3". */
export function describeDialect(dialect: Dialect): string {
  const { delimiter, quote, escape, lineEnds, skipRows, header, rowNames, recordStart } = dialect;
  const quotes = quote === '"' ? 'double quotes' : quote === "'" ? 'single quotes' : 'no quotes';
  const parts = [
    delimiterName(delimiter),
    quote === null
      ? quotes
      : `${quotes} (escaped by ${escape === 'doubled' ? 'doubling' : 'a backslash'})`,
    header ? `header in line ${skipRows + 1}` : 'no header',
    `${dialect.columns} ${dialect.columns === 1 ? 'column' : 'columns'}`,
  ];
  if (!header && skipRows > 0) parts.push(`${skipRows} lines skipped`);
  if (rowNames) parts.push('row names without a header');
  if (lineEnds === 'lf') parts.push('a lone CR is text');
  if (lineEnds === 'crlf') parts.push('only CRLF ends a record');
  if (recordStart !== null) {
    const shape = recordStart === 'number' ? 'a number' : 'a code';
    parts.push(`a line that does not begin with ${shape} continues the record above`);
  }
  return parts.join(', ');
}
