/**
 * A store's rows, and the interface of both implementations: LanceDB (`vectorStore.ts`) and exact
 * search over plain files (`flatStore.ts`).
 */
import type { FieldValues } from '../corpus/document.js';

/** A note. `key` is opaque; `id` is the corpus's own and may be a patient number. */
export interface DocumentRow {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  /** Hash of the text and of all fields below; if it differs, the row has changed. */
  readonly fingerprint: string;
  readonly category: string | null;
  readonly label: string | null;
  readonly group: string | null;
  /** In ISO 8601. */
  readonly date: string | null;
  /** Columns that the user keeps with the note, typed as the manifest says. */
  readonly fields: FieldValues;
  /** Absolute path if the note is a whole file. */
  readonly file: string | null;
  readonly passages: number;
  /** Normalised, [dimension]. */
  readonly vector: Float32Array;
}

/** A window of a note. It holds no text: `start` and `end` are UTF-16 offsets into the note's. */
export interface PassageRow {
  /** Key of its document. */
  readonly document: string;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** Identifies passages whose vector can be reused. */
  readonly textHash: string;
  readonly tokens: number;
  /** Not normalised, [dimension]. */
  readonly vector: Float32Array;
}

export interface DocumentCandidate {
  readonly key: string;
  readonly id: string;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
}

export interface PassageCandidate {
  readonly document: string;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly similarity: number;
}

/** Rows whose column has one of these values; these columns are indexed. */
export type DocumentFilter =
  { readonly key: readonly string[] } | { readonly id: readonly string[] };
export type PassageFilter =
  { readonly document: readonly string[] } | { readonly textHash: readonly string[] };

/** Rows in portions, in any order. */
export type Batches<Row> = AsyncIterable<readonly Row[]>;

export interface Tables {
  /** Changes with every write, of any process. */
  version(): Promise<string>;
  counts(): Promise<{ documents: number; passages: number }>;
  /** Reads the chosen columns of all documents, or of those that match the filter. */
  documents<Column extends keyof DocumentRow>(
    columns: readonly Column[],
    only?: DocumentFilter,
  ): Batches<Pick<DocumentRow, Column>>;
  passages<Column extends keyof PassageRow>(
    columns: readonly Column[],
    only?: PassageFilter,
  ): Batches<Pick<PassageRow, Column>>;
  /** The `limit` nearest by cosine, nearest first; ties in any order. */
  nearestDocuments(vector: Float32Array, limit: number): Promise<DocumentCandidate[]>;
  nearestPassages(vector: Float32Array, limit: number): Promise<PassageCandidate[]>;
  /** Adds documents with all their passages, replacing documents with the same keys. */
  put(documents: readonly DocumentRow[], passages: readonly PassageRow[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Merges the results of many `put`s, builds indexes, and deletes removed rows from disk. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export async function rowsOf<Row>(batches: Batches<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) for (const row of batch) rows.push(row);
  return rows;
}

/** Columns of the document with this id; `null` if there is none. */
export async function documentById<Column extends keyof DocumentRow>(
  tables: Tables,
  id: string,
  columns: readonly Column[],
): Promise<Pick<DocumentRow, Column> | null> {
  const [row] = await rowsOf(tables.documents(columns, { id: [id] }));
  return row ?? null;
}
