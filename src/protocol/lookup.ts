/** Requests to the lookup engine; see `rpc.ts` for the transport. */
import type { DeviceName } from './catalogue/devices.js';
import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { LookupOptions } from './catalogue/lookup.js';
import type { ObjectiveName } from './catalogue/objectives.js';
import type { ReaderName } from './catalogue/readers.js';
import type { DateOrder, Dialect, FieldType, KeptField } from './catalogue/reading.js';
import type { StudyPresetName } from './catalogue/study.js';
import type { CorpusSpec } from './corpusSpec.js';
import type { ClusterMap } from './map.js';
import type { HubModel } from './modelImport.js';
import type { StudyJob } from './study.js';

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
  /** How the source was read: what of it can be settled, its catalogue entry says. */
  readonly kind: ReaderName;
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

export interface TargetParams {
  readonly corpus: CorpusSpec;
  /** What is to be predicted: a role, or a column that is kept with the notes. */
  readonly target: string;
  /** Of the evaluation: it decides which notes are for training. */
  readonly seed: number;
}

export interface TargetSummary {
  readonly classes: readonly string[];
  /** Words of training notes that name a class, most frequent first. */
  readonly words: readonly {
    readonly words: string;
    /** Training notes in which it occurs. */
    readonly notes: number;
    /** Those of them that are of a class that it names. */
    readonly notesOfCategory: number;
  }[];
}

export interface TrainingEstimateParams {
  readonly corpus: CorpusSpec;
  readonly objective: ObjectiveName;
  /** As in the job: `bundled`, or absolute path of a model folder. */
  readonly base: string;
  /** Folder of earlier runs, which tell how fast such training is here. */
  readonly runs: string;
}

/** How long a pre-training would take here, in seconds. */
export interface TrainingEstimate {
  readonly step: number;
  readonly measurement: number;
  readonly heads: number;
  /** Steps of a pass over the notes; `null` if only the first of them were looked at. */
  readonly stepsPerEpoch: number | null;
  readonly tokensPerStep: number;
  /** Name of the earlier run that it leans on; `null`: on what is usual. */
  readonly run: string | null;
}

export interface FolderTablesParams {
  readonly folder: string;
}

export interface FolderTables {
  /**
   * Relative paths of the tables in a folder that holds nothing else to read as notes, one of which
   * is to be chosen; empty if the folder itself is a corpus.
   */
  readonly tables: readonly string[];
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

/** A field that notes can be filtered by. */
export interface FilterField {
  readonly name: string;
  readonly type: FieldType;
  /** Of a text: how many notes have each value, most frequent first. Empty for numbers and dates. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Of numbers and dates: the least and the greatest; `null` for a text. */
  readonly range: { readonly first: string; readonly last: string } | null;
}

export type SimilarQuery =
  /** A document of the store; excluded from its own results. */
  | { readonly id: string }
  | {
      readonly text: string;
      /** Free text and paragraphs are queries, whole notes documents: models may tell them apart. */
      readonly as: 'query' | 'document';
      /** The note that the text is of, by its id or its key: it is left out, and its patient with it. */
      readonly excludeId?: string;
      readonly excludeKey?: string;
    };

/** Free text is looked up by passages, a note by whole notes; one result per document either way. */
export interface SimilarParams extends LookupOptions {
  readonly store: string;
  readonly query: SimilarQuery;
  readonly k: number;
  /** Which notes may be found, as docs/guide/search.md writes filters. */
  readonly where?: string;
  /** Whether results say why they were found. */
  readonly explain?: boolean;
  readonly device: DeviceName;
}

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Why a note was found. */
export interface SimilarReason {
  /** What each side adds to the score, in standard deviations; `null`: nothing was asked of it. */
  readonly semantic: number | null;
  readonly keyword: number | null;
  /** Words in common with their share of what all of them weigh, weightiest first. */
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** Stretches of the query's text and of the note's that are alike, by the model or by their words. */
  readonly pairs: readonly {
    readonly query: TextRange;
    readonly note: TextRange;
    readonly by: 'meaning' | 'words';
    readonly likeness: number;
  }[];
}

export interface SimilarResult {
  readonly rank: number;
  readonly id: string;
  /** Opaque and safe in a URI; reveals nothing about the id. */
  readonly key: string;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
  /** Per cent of the corpus's other notes that are less like the query. */
  readonly percentile: number;
  /**
   * From 0, no nearer than the corpus's average note, to 100, a note that says the same; `null` where that
   * is not known: no note differs from another, or the index is too large for memory.
   */
  readonly nearness: number | null;
  /** Ranks by meaning and by words alone; `null` if not asked, or no word is shared. */
  readonly semanticRank: number | null;
  readonly keywordRank: number | null;
  readonly category: string | null;
  /** In ISO 8601. */
  readonly date: string | null;
  /** Of the columns that are kept with the notes. */
  readonly fields: Readonly<Record<string, string | number | null>>;
  /** The part of the passage with most of the words in common, on one line. */
  readonly snippet: string;
  /** UTF-16 offsets into the document's text. */
  readonly passage: { readonly index: number; readonly start: number; readonly end: number };
  /** Absolute path if the note is a whole file. */
  readonly file: string | null;
  /** The note denies what the query says, or says it of the family. */
  readonly assertion: 'negated' | 'family' | null;
  /** Almost identical notes that this one stands for, and the first of their ids. */
  readonly copies: { readonly count: number; readonly ids: readonly string[] };
  readonly why: SimilarReason | null;
}

export interface SimilarResponse {
  readonly results: readonly SimilarResult[];
  /** Notes that were searched: those that the filter and the exclusions let through. */
  readonly searched: number;
  /** For the user, if something was not done as asked; else `null`. */
  readonly remark: string | null;
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

export interface StoredNotesParams {
  readonly store: string;
  readonly keys: readonly string[];
  readonly withText: boolean;
}

export interface KeepNotesParams {
  readonly store: string;
  readonly keys: readonly string[];
  /** Absolute path; its folder exists. */
  readonly file: string;
}

export interface StoredNote {
  readonly id: string;
  readonly key: string;
  /** `null` unless asked for. */
  readonly text: string | null;
  readonly category: string | null;
  readonly label: string | null;
  /** In ISO 8601. */
  readonly date: string | null;
  /** Of the columns that are kept with the notes. */
  readonly fields: Readonly<Record<string, string | number | null>>;
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

/** The only request that uses the network; sent only with the user's consent. */
export interface HubModelParams {
  readonly hubUrl: string;
  /** `owner/name`, or `owner/name@revision`. */
  readonly name: string;
}

/** What a study would do, before it is started. */
export interface StudyPlanParams {
  readonly job: StudyJob;
  /** In place of the job's. */
  readonly presets: readonly StudyPresetName[];
}

export interface StudyPlans {
  readonly plans: readonly {
    readonly preset: StudyPresetName;
    /** Estimated. */
    readonly seconds: number;
    /** How long it takes, and what is cut. */
    readonly sentences: readonly string[];
  }[];
}

/** Maps names to parameters and results; both ends are type-checked against this table. */
export interface LookupRequests {
  'corpus/inspect': { params: InspectCorpusParams; result: CorpusSummary };
  'folder/tables': { params: FolderTablesParams; result: FolderTables };
  /** Reads no more than the beginning. */
  'corpus/preview': { params: InspectCorpusParams; result: CorpusPreview };
  'corpus/target': { params: TargetParams; result: TargetSummary };
  /** Looks at the first notes, and measures how fast this machine is now: about two seconds. */
  'training/estimate': { params: TrainingEstimateParams; result: TrainingEstimate };
  'store/status': { params: StoreParams; result: StoreStatus };
  /** What the notes can be filtered by. */
  'store/fields': { params: StoreParams; result: { readonly fields: readonly FilterField[] } };
  similar: { params: SimilarParams; result: SimilarResponse };
  'note/read': { params: ReadNoteParams; result: Note };
  /** In the order of the keys; without notes that are gone. */
  'notes/read': {
    params: StoredNotesParams;
    result: { readonly notes: readonly StoredNote[] };
  };
  /** Writes a list of notes that are to be a corpus of their own, for `CorpusSpec.only`. */
  'notes/keep': { params: KeepNotesParams; result: { readonly notes: number } };
  /** `null`: the record is not a note (it has no text, or cannot be read). */
  'row/find': { params: FindRowParams; result: FoundRow | null };
  'clusters/read': { params: StoreParams; result: ClusterMap };
  'hub/model': { params: HubModelParams; result: HubModel };
  'study/plan': { params: StudyPlanParams; result: StudyPlans };
}

export type LookupMethod = keyof LookupRequests;
