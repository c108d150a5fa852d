/**
 * What a store keeps, as rows, and the one interface that both implementations fulfil: LanceDB
 * (`vectorStore.ts`) and exact search over plain files (`flatStore.ts`).
 */

/** A note. `key` is opaque; `id` is the corpus's own and may be a patient number. */
export interface DocumentRow {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  /** Hash of the text and of every field below: another fingerprint is another row. */
  readonly fingerprint: string;
  readonly category: string | null;
  readonly label: string | null;
  readonly group: string | null;
  /** Absolute path where the note is a file of its own. */
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
  /** What its vector is reused by. */
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

/** The documents as columns, in order of id. */
export interface DocumentColumns {
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  readonly categories: readonly (string | null)[];
  readonly groups: readonly (string | null)[];
  readonly files: readonly (string | null)[];
  /** [documents, dimension], normalised. */
  readonly vectors: Float32Array;
  readonly dimension: number;
}

export interface Tables {
  counts(): Promise<{ documents: number; passages: number }>;
  /** Fingerprint and number of passages of every document, by key. */
  fingerprints(): Promise<Map<string, { fingerprint: string; passages: number }>>;
  documents(keys: readonly string[]): Promise<DocumentRow[]>;
  documentById(id: string): Promise<DocumentRow | null>;
  passagesOf(keys: readonly string[]): Promise<PassageRow[]>;
  /** One passage of each of these texts that is there, by text hash. */
  passagesByText(hashes: readonly string[]): Promise<Map<string, PassageRow>>;
  /** The `limit` nearest by cosine, nearest first; ties in any order. */
  nearestDocuments(vector: Float32Array, limit: number): Promise<DocumentCandidate[]>;
  nearestPassages(vector: Float32Array, limit: number): Promise<PassageCandidate[]>;
  allDocuments(): Promise<DocumentColumns>;
  /** Adds documents with all their passages; those whose keys are there are replaced. */
  put(documents: readonly DocumentRow[], passages: readonly PassageRow[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Joins what many `put`s wrote, builds indexes, and takes what was removed off the disk. */
  compact(): Promise<void>;
  close(): Promise<void>;
}
