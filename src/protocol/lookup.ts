/** Requests to the lookup engine; see `rpc.ts` for the transport. */
import type { DeviceName } from './catalogue/devices.js';
import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { DateOrder, Dialect, FieldType, KeptField } from './catalogue/reading.js';
import type { CorpusSpec, HubModel } from './run.js';

export interface CorpusProblem {
  /** `file:line`, the file relative to the corpus. */
  readonly where: string;
  readonly what: string;
  /** Whether the record was skipped because of it. */
  readonly skipped: boolean;
}

export interface CorpusSummary {
  readonly documents: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly words: { readonly median: number; readonly p95: number };
  /** Number of patients; 0 if no note says whose it is. */
  readonly groups: number;
  readonly mapping: FieldMapping;
  /** The corpus's fields, for the mapping dialogue. */
  readonly fields: readonly string[];
  /** The same with what their first values look like. */
  readonly columns: readonly ColumnSummary[];
  /** Fields that are kept with every note. */
  readonly kept: readonly KeptField[];
  /** Columns that tell the lines of notes, if the table seems to have a row for each line. */
  readonly lines: { readonly id: string; readonly number: string } | null;
  readonly problems: readonly CorpusProblem[];
  /** Records skipped. */
  readonly skipped: number;
  /** `null` if the notes are whole files. */
  readonly encoding: string | null;
  /** `null` if the source is no delimited table. */
  readonly dialect: Dialect | null;
  /** Values that count as missing, in mapped fields. */
  readonly missing: readonly ValueCount[];
  /** Values that may stand for a missing one, but are kept as classes. */
  readonly classes: readonly ValueCount[];
  /** First and last in ISO 8601, and how dates were read; `null` if no note has a date. */
  readonly dates: {
    readonly order: DateOrder;
    readonly first: string;
    readonly last: string;
  } | null;
}

/** How often a value stands in a field. */
export interface ValueCount {
  readonly field: string;
  /** Empty for an empty value. */
  readonly value: string;
  readonly count: number;
}

/** The first notes of a corpus as they were read, with the guesses that made them. */
export interface CorpusPreview {
  /** Their texts are shortened. */
  readonly notes: readonly PreviewNote[];
  /** How many notes were read to count what is missing. */
  readonly scanned: number;
  /** Whether these are all. */
  readonly isWhole: boolean;
  readonly mapping: FieldMapping;
  /** Further columns of the text. */
  readonly moreText: readonly string[];
  /** With the first value of each, shortened. */
  readonly columns: readonly (ColumnSummary & { readonly example: string | null })[];
  readonly lines: { readonly id: string; readonly number: string } | null;
  readonly encoding: string | null;
  readonly dialect: Dialect | null;
  readonly dateOrder: DateOrder | null;
  readonly missing: readonly ValueCount[];
  readonly classes: readonly ValueCount[];
  readonly skipped: number;
  readonly remarks: readonly string[];
}

export interface PreviewNote {
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  readonly label: string | null;
  readonly group: string | null;
  readonly date: string | null;
  readonly split: string | null;
  /** Line on which it begins. */
  readonly row: number;
}

/** What a field looks like by its name and its first values. */
export interface ColumnSummary {
  readonly name: string;
  readonly type: FieldType;
  /** Why it should not be kept unless asked for, in a few words; `null` if nothing speaks against it. */
  readonly caution: string | null;
}

export interface InspectCorpusParams {
  readonly corpus: CorpusSpec;
}

export interface StoreParams {
  readonly store: string;
}

export interface StoreStatus {
  readonly exists: boolean;
  readonly documents: number;
  readonly passages: number;
  /** Absolute path of the model that made the vectors; `null` without a store. */
  readonly model: string | null;
  readonly corpus: CorpusSpec | null;
  readonly hasProjection: boolean;
  /** Whether the projection matches the notes now in the index. */
  readonly isProjectionCurrent: boolean;
}

export type SimilarQuery =
  /** A document of the store; excluded from its own results. */
  | { readonly id: string }
  | {
      readonly text: string;
      /** Free text and paragraphs are queries, whole notes documents: models may tell them apart. */
      readonly as: 'query' | 'document';
      readonly excludeId?: string;
    };

export interface SimilarParams {
  readonly store: string;
  readonly query: SimilarQuery;
  readonly k: number;
  /**
   * `document`: one result per document, by its own vector; `passage`: the nearest passages, one
   * per document.
   */
  readonly unit: 'document' | 'passage';
  readonly device: DeviceName;
}

export interface SimilarResult {
  readonly rank: number;
  readonly id: string;
  /** Opaque and safe in a URI; reveals nothing about the id. */
  readonly key: string;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
  readonly category: string | null;
  readonly snippet: string;
  /** UTF-16 offsets into the document's text. */
  readonly passage: { readonly index: number; readonly start: number; readonly end: number };
  /** Absolute path if the note is a whole file. */
  readonly file: string | null;
}

export interface SimilarResponse {
  readonly results: readonly SimilarResult[];
}

export interface ReadNoteParams {
  readonly store: string;
  /** By key (rows), or by id (a file of a folder corpus). */
  readonly note: { readonly key: string } | { readonly id: string };
}

export interface Note {
  readonly id: string;
  readonly key: string;
  readonly text: string;
  readonly category: string | null;
  readonly file: string | null;
}

/** A table record as shown in the editor, perhaps changed since it was indexed. */
export interface TableRecord {
  /** The header and anything above it; empty if this kind has none. */
  readonly head: string;
  readonly text: string;
  /** 1-based line on which the record begins. */
  readonly line: number;
  /** How the table is cut, as settled on the text in the editor; `null` if it is not delimited. */
  readonly dialect?: Dialect | null;
}

export interface FindRowParams {
  readonly store: string;
  readonly record: TableRecord;
}

export interface FoundRow {
  readonly id: string;
  /** Key of the note with this id in the index; `null` if there is none. */
  readonly key: string | null;
  readonly text: string;
  /** Whether the index has the note with exactly this text. */
  readonly isUnchanged: boolean;
}

export interface ClusterMap {
  readonly count: number;
  /** x and y of each document, [count] each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  /** Each document's index into `categories`, or -1, [count]. */
  readonly category: Int32Array;
  readonly categories: readonly string[];
  readonly files: readonly (string | null)[];
  /** Remarks for the map, such as "Projection is older than the index". */
  readonly warnings: readonly string[];
}

/** The only request that uses the network; sent only with the user's consent. */
export interface HubModelParams {
  readonly hubUrl: string;
  /** `owner/name`, or `owner/name@revision`. */
  readonly name: string;
}

/** Maps names to parameters and results; both ends are type-checked against this table. */
export interface LookupRequests {
  'corpus/inspect': { params: InspectCorpusParams; result: CorpusSummary };
  /** Reads no more than the beginning. */
  'corpus/preview': { params: InspectCorpusParams; result: CorpusPreview };
  'store/status': { params: StoreParams; result: StoreStatus };
  similar: { params: SimilarParams; result: SimilarResponse };
  'note/read': { params: ReadNoteParams; result: Note };
  /** `null`: the record is not a note (it has no text, or cannot be read). */
  'row/find': { params: FindRowParams; result: FoundRow | null };
  'clusters/read': { params: StoreParams; result: ClusterMap };
  'hub/model': { params: HubModelParams; result: HubModel };
}

export type LookupMethod = keyof LookupRequests;
