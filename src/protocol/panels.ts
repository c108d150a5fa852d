/**
 * Messages between the extension (host) and its webviews (panels). Each side defines schemas for
 * what it receives.
 */
import type { Figures, Shots } from './catalogue/evaluation.js';
import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { assertionLabels, LookupMode } from './catalogue/lookup.js';
import type { ObjectiveName } from './catalogue/objectives.js';
import type { FigureName, ProtocolName } from './catalogue/protocols.js';
import type { Reading } from './catalogue/reading.js';
import type { MapAction, MapPicture } from './catalogue/map.js';
import type { CorpusPreview } from './lookup.js';
import type { MapColumn } from './map.js';
import type { Rejection } from './messages.js';
import type { Estimate } from './evaluation.js';
import type { PretrainPlan } from './pretraining.js';
import type { MetricsLine, RunCommand, RunProgress, RunStatus } from './run.js';

/** Messages that every page may post. */
export type PageMessage =
  /** Sent first; the host holds back its own messages until then. */
  | { readonly type: 'ready' }
  /** The page received a message that it does not know or cannot read; for the log. */
  | ({ readonly type: 'rejected' } & Rejection);

// --- Similar Notes (a webview view) ---------------------------------------------------------

export interface SimilarNoteItem {
  readonly key: string;
  /** Display name: the file's name or the row's id; hidden along with note text. */
  readonly title: string;
  /** Cosine in [-1, 1]; the list is in the order of words and meaning together. */
  readonly similarity: number;
  /** Per cent of the corpus's other notes that are less like the query. */
  readonly percentile: number;
  /** From 0, the corpus's average note, to 100, the same; `null` if not known. */
  readonly nearness: number | null;
  readonly assertion: keyof typeof assertionLabels | null;
  /** Almost identical notes that this one stands for. */
  readonly copies: number;
  /** Words in common, weightiest first, in lower case; hidden along with note text. */
  readonly terms: readonly string[];
  readonly category: string | null;
  readonly snippet: string;
}

/** What is asked, and how: drawn above the list. */
export interface SimilarNotesControls {
  /** Whether there is a corpus to ask. */
  readonly isOffered: boolean;
  /** Typed text, if that is what is asked; empty if hidden. */
  readonly text: string;
  readonly mode: LookupMode;
  /** The model whose index answers; `null` where there is no other. */
  readonly model: string | null;
  /** Whether other notes of the patient are left out; `null` where no note is asked about. */
  readonly excludeGroup: boolean | null;
  readonly leaveOutNegated: boolean;
  /** Conditions that notes must meet, as they are shown. */
  readonly conditions: readonly string[];
  readonly isPinned: boolean;
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
}

export type SimilarNotesHostMessage =
  | ({ readonly type: 'controls' } & SimilarNotesControls)
  /** The user wants to type. */
  | { readonly type: 'focusText' }
  | { readonly type: 'empty'; readonly reason: string; readonly action: PanelAction | null }
  | { readonly type: 'loading'; readonly title: string }
  | {
      readonly type: 'results';
      readonly title: string;
      readonly items: readonly SimilarNoteItem[];
      /** If something was not done as asked. */
      readonly remark: string | null;
      /** Results for typed text; they stay until the user dismisses them. */
      readonly isTyped: boolean;
      /** Note text is hidden on this screen: draw neither titles, snippets nor terms. */
      readonly hideText: boolean;
    }
  | { readonly type: 'error'; readonly message: string };

/** A button that runs one of the extension's commands. */
export interface PanelAction {
  readonly label: string;
  readonly command: string;
}

export type SimilarNotesPanelMessage =
  | { readonly type: 'open'; readonly key: string; readonly isBeside: boolean }
  /** Shows notes similar to a result. */
  | { readonly type: 'similarTo'; readonly key: string }
  /** Shows a result beside the note that the list is about. */
  | { readonly type: 'compare'; readonly key: string }
  | { readonly type: 'export' }
  | { readonly type: 'search'; readonly text: string }
  | {
      readonly type: 'choose';
      readonly mode?: LookupMode | undefined;
      readonly excludeGroup?: boolean | undefined;
      readonly leaveOutNegated?: boolean | undefined;
    }
  | { readonly type: 'switchIndex' }
  | { readonly type: 'addCondition' }
  | { readonly type: 'removeCondition'; readonly place: number }
  | { readonly type: 'pin'; readonly isPinned: boolean }
  | { readonly type: 'move'; readonly by: -1 | 1 }
  /** The user has dismissed typed results: show those of the open note again. */
  | { readonly type: 'dismiss' }
  | { readonly type: 'action'; readonly command: string };

// --- Clusters (a panel) ----------------------------------------------------------------------

export type ClustersHostMessage =
  | { readonly type: 'empty'; readonly reason: string; readonly action: PanelAction | null }
  | {
      readonly type: 'points';
      readonly corpus: string;
      readonly x: Float32Array;
      readonly y: Float32Array;
      readonly names: readonly string[];
      /** What the notes can be coloured by and filtered; the first is shown at first. */
      readonly columns: readonly MapColumn[];
      readonly warnings: readonly string[];
      readonly hideText: boolean;
    }
  /** Index of the open note's point, or `null`, and of those that are nearest to it by the model. */
  | {
      readonly type: 'highlight';
      readonly point: number | null;
      readonly neighbours: readonly number[];
    }
  /** What a search found, best first. */
  | {
      readonly type: 'found';
      readonly text: string;
      readonly mode: LookupMode;
      readonly points: readonly number[];
      /** How many, and of how many. */
      readonly sentence: string;
    }
  /** Draw the map as it is shown, to be saved; with the names of its notes only if the user ticked that. */
  | { readonly type: 'render'; readonly picture: MapPicture; readonly hasNames: boolean }
  | { readonly type: 'error'; readonly message: string };

export type ClustersPanelMessage =
  | { readonly type: 'open'; readonly point: number }
  /** An empty text stops a search. */
  | { readonly type: 'search'; readonly text: string; readonly mode: LookupMode }
  /** What to do with some of the notes. */
  | { readonly type: 'take'; readonly action: MapAction; readonly points: readonly number[] }
  /** The user wants to save the map: how, the host asks. */
  | { readonly type: 'save' }
  /** The map as it is drawn. */
  | { readonly type: 'rendered'; readonly picture: MapPicture; readonly content: Uint8Array }
  | { readonly type: 'action'; readonly command: string };

// --- Training (a panel) ----------------------------------------------------------------------

export type TrainingHostMessage =
  | {
      readonly type: 'run';
      /** Of the run's folder. */
      readonly name: string;
      /** What the run is called. */
      readonly title: string;
      /** `null` until the run's job has been read. */
      readonly objective: ObjectiveName | null;
      readonly status: RunStatus;
      readonly progress: RunProgress | null;
      /** `null` until the run has been planned. */
      readonly plan: PretrainPlan | null;
      readonly notes: readonly string[];
      readonly error: string | null;
      readonly heldOutLoss: { readonly before: number; readonly after: number | null } | null;
    }
  /** All lines so far (`reset`), or only those since the last message. */
  | { readonly type: 'metrics'; readonly reset: boolean; readonly lines: readonly MetricsLine[] };

/** What to do with a model once it is trained. */
export const nextSteps = ['index', 'evaluate', 'compare'] as const;
export type NextStep = (typeof nextSteps)[number];

export type TrainingPanelMessage =
  | { readonly type: 'control'; readonly command: RunCommand }
  | { readonly type: 'next'; readonly step: NextStep };

// --- Comparison (a panel): curves of several runs ---------------------------------------------

export interface ComparedRun {
  /** Distinguishes the runs in this message. */
  readonly id: string;
  readonly name: string;
  readonly corpus: string;
  readonly objective: ObjectiveName;
  /** Name of the base model. */
  readonly base: string;
  readonly status: RunStatus;
  /** Settings that affect its losses, by name; empty until known. */
  readonly settings: Readonly<Record<string, string>>;
}

export type ComparisonHostMessage =
  | { readonly type: 'runs'; readonly runs: readonly ComparedRun[] }
  | {
      readonly type: 'metrics';
      /** `id` of a run in an earlier message. */
      readonly run: string;
      readonly reset: boolean;
      readonly lines: readonly MetricsLine[];
    };

export type ComparisonPanelMessage = { readonly type: 'show'; readonly run: string };

// --- Panels that follow a run and show what it found ------------------------------------------

export type RunHostMessage =
  | { readonly type: 'empty'; readonly reason: string }
  /** Where the run is; what it found follows when it is done. */
  | {
      readonly type: 'run';
      readonly name: string;
      readonly corpus: string;
      readonly status: RunStatus;
      readonly progress: RunProgress | null;
      /** Of the current phase; `null` while unknown. */
      readonly millisecondsLeft: number | null;
      readonly notes: readonly string[];
      readonly error: string | null;
      /** Whether it stopped early and can go on from there. */
      readonly canResume: boolean;
    };

export type RunPanelMessage =
  | { readonly type: 'control'; readonly command: RunCommand }
  /** Position of a note in what the panel was sent. */
  | { readonly type: 'open'; readonly note: number };

// --- Evaluation (a panel) --------------------------------------------------------------------

export type EvaluationHostMessage =
  | RunHostMessage
  /** Of a protocol without a target. */
  | {
      readonly type: 'figures';
      readonly corpus: string;
      readonly protocol: ProtocolName;
      /** The first is the baseline for the others. */
      readonly rows: readonly {
        readonly model: string;
        /** `null` if the protocol trains nothing. */
        readonly shots: Shots | null;
        readonly figures: Figures;
      }[];
      readonly verdict: readonly string[];
    }
  /** Of protocols that predict a field. */
  | {
      readonly type: 'report';
      readonly corpus: string;
      /** The field that is predicted. */
      readonly target: string;
      readonly classes: readonly string[];
      readonly documents: Readonly<Record<'train' | 'validation' | 'test', number>>;
      readonly verdict: readonly string[];
      readonly settings: readonly EvaluationSetting[];
      readonly comparisons: readonly EvaluationComparison[];
      readonly notes: TestNotes | null;
      /** Words that name what is predicted, without which everything was measured too. */
      readonly words: readonly string[];
      readonly hideText: boolean;
    };

/** One classifier of one model with one number of labels, over its runs. */
export interface EvaluationSetting {
  /** As displayed. */
  readonly model: string;
  /** Whether it stands beside the models to compare them with. */
  readonly isBaseline: boolean;
  /** `null`: it knows words alone, and so is the same in all of them. */
  readonly protocol: ProtocolName | null;
  /** As displayed: "logistic regression". */
  readonly classifier: string;
  /** Whether comparisons and the verdict speak of it. */
  readonly isMain: boolean;
  readonly shots: Shots;
  /** Whether the words that name what is predicted had been taken out of the notes. */
  readonly withoutWords: boolean;
  readonly figures: Readonly<Partial<Record<FigureName, Estimate>>>;
  readonly runs: number;
  /** Of a run, on average. */
  readonly seconds: number;
  readonly trainableParameters: number | null;
  readonly memoryBytes: number | null;
  /** Only with all labels. */
  readonly classes: readonly {
    readonly name: string;
    readonly precision: Estimate;
    readonly recall: Estimate;
    readonly f1: Estimate;
    readonly support: number;
  }[];
  /** How often it was right, by how sure it was; `null` if that is not known. */
  readonly reliability:
    | readonly { readonly confidence: number; readonly right: number; readonly count: number }[]
    | null;
  /** What each run said of the test notes; `null` if that is not known. */
  readonly outcomes:
    | readonly {
        /** As `actual` of the test notes. */
        readonly predicted: Int32Array;
        /** Probability of the predicted class [notes]. */
        readonly confidence: Float32Array | null;
      }[]
    | null;
}

export interface EvaluationComparison {
  readonly a: string;
  readonly b: string;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  readonly withoutWords: boolean;
  /** Of macro-F1. */
  readonly difference: Estimate;
  readonly p: number;
  readonly pHolm: number;
}

export interface TestNotes {
  readonly labels: 'one' | 'several';
  /** Names as people know them; empty texts while note text is hidden. */
  readonly names: readonly string[];
  /**
   * Of one label, the position of each note's class [notes]; of several, 1 for each class that it has
   * and 0 for the others [notes, classes].
   */
  readonly actual: Int32Array;
}

// --- Add Corpus (a panel): the first notes as they were read, before anything is indexed ------

/** What the user settled so far; the rest is guessed. */
export interface GivenReading {
  readonly mapping: Partial<FieldMapping>;
  readonly reading: Reading;
}

export type CorpusPreviewHostMessage =
  | { readonly type: 'empty'; readonly reason: string }
  /** The source is being read as it was asked for. */
  | { readonly type: 'reading'; readonly source: string; readonly given: GivenReading }
  | {
      readonly type: 'preview';
      readonly source: string;
      /** Suggested for the corpus. */
      readonly name: string;
      readonly given: GivenReading;
      readonly preview: CorpusPreview;
      readonly hideText: boolean;
    }
  /** It cannot be read so; what was settled can still be changed. */
  | { readonly type: 'refused'; readonly given: GivenReading; readonly reason: string };

export type CorpusPreviewPanelMessage =
  | { readonly type: 'change'; readonly given: GivenReading }
  | { readonly type: 'add'; readonly name: string }
  | { readonly type: 'cancel' };
