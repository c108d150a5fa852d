/** Requests that the lookup engine answers. See `rpc.ts` for how they travel. */
import type { DeviceName } from './catalogue/devices.js';
import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { CorpusSpec, HubModel } from './run.js';

export interface CorpusProblem {
  /** `file:line`, the file relative to the corpus. */
  readonly where: string;
  readonly what: string;
  /** Whether what stands there was left out for it. */
  readonly skipped: boolean;
}

export interface CorpusSummary {
  readonly documents: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly words: { readonly median: number; readonly p95: number };
  readonly mapping: FieldMapping;
  /** Fields that the corpus offers, for the mapping dialogue. */
  readonly fields: readonly string[];
  readonly problems: readonly CorpusProblem[];
  /** First and last in ISO 8601, and how they were read; `null` where no note has a date. */
  readonly dates: {
    readonly order: 'iso' | 'day-first' | 'month-first';
    readonly first: string;
    readonly last: string;
  } | null;
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
  /** Absolute path of the model that the vectors came from; `null` without a store. */
  readonly model: string | null;
  readonly corpus: CorpusSpec | null;
  readonly hasProjection: boolean;
  /** It shows the notes as they are in the index now. */
  readonly isProjectionCurrent: boolean;
}

export type SimilarQuery =
  /** A document of the store; it is left out of its own results. */
  { readonly id: string } | { readonly text: string; readonly excludeId?: string };

export interface SimilarParams {
  readonly store: string;
  readonly query: SimilarQuery;
  readonly k: number;
  /** `document`: one result a document; `passage`: the nearest passages, one per document. */
  readonly unit: 'document' | 'passage';
  readonly device: DeviceName;
}

export interface SimilarResult {
  readonly rank: number;
  readonly id: string;
  /** Opaque: fit for a URI, says nothing about the id. */
  readonly key: string;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
  readonly category: string | null;
  readonly snippet: string;
  /** UTF-16 offsets into the document's text. */
  readonly passage: { readonly index: number; readonly start: number; readonly end: number };
  /** Absolute path where the note is a file of its own. */
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

/** A record of a table as it stands in the editor, perhaps changed since it was indexed. */
export interface TableRecord {
  /** The table's header with what stands above it; empty where the kind has none. */
  readonly head: string;
  readonly text: string;
  /** 1-based line on which the record begins. */
  readonly line: number;
}

export interface FindRowParams {
  readonly store: string;
  readonly record: TableRecord;
}

export interface FoundRow {
  readonly id: string;
  /** Of the note with this id in the index; `null` when there is none. */
  readonly key: string | null;
  readonly text: string;
  /** The index has the note with this very text. */
  readonly isUnchanged: boolean;
}

export interface ClusterMap {
  readonly count: number;
  /** x and y of each document, [count] each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  /** Index into `categories` a document, -1 for none, [count]. */
  readonly category: Int32Array;
  readonly categories: readonly string[];
  readonly files: readonly (string | null)[];
  /** Remarks that the map should show, such as "Projection is older than the index". */
  readonly warnings: readonly string[];
}

/** The one request that uses the network: only after the user has agreed to it. */
export interface HubModelParams {
  readonly hubUrl: string;
  /** `owner/name`, or `owner/name@revision`. */
  readonly name: string;
}

/** Name -> parameters and result; both ends are checked against this table. */
export interface LookupRequests {
  'corpus/inspect': { params: InspectCorpusParams; result: CorpusSummary };
  'store/status': { params: StoreParams; result: StoreStatus };
  similar: { params: SimilarParams; result: SimilarResponse };
  'note/read': { params: ReadNoteParams; result: Note };
  /** `null`: the record is no note (it has no text, or cannot be read). */
  'row/find': { params: FindRowParams; result: FoundRow | null };
  'clusters/read': { params: StoreParams; result: ClusterMap };
  'hub/model': { params: HubModelParams; result: HubModel };
}

export type LookupMethod = keyof LookupRequests;
