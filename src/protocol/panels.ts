/** Messages between the extension (host) and its webviews (panel). Schemas stand where they arrive. */
import type { Figures, Shots } from './catalogue/evaluation.js';
import type { ObjectiveName } from './catalogue/objectives.js';
import type { ProtocolName } from './catalogue/protocols.js';
import type { Rejection } from './messages.js';
import type { MetricsLine, PretrainPlan, RunCommand, RunProgress, RunStatus } from './run.js';

/** What every page may post, whatever it shows. */
export type PageMessage =
  /** Comes first; the host holds its own messages back until then. */
  | { readonly type: 'ready' }
  /** A message of the host that the page does not know or cannot read, for the log. */
  | ({ readonly type: 'rejected' } & Rejection);

// --- Similar Notes (a webview view) ---------------------------------------------------------

export interface SimilarNoteItem {
  readonly key: string;
  /** Shown name: the file's name or the row's id; hidden together with note text. */
  readonly title: string;
  readonly similarity: number;
  readonly category: string | null;
  readonly snippet: string;
}

export type SimilarNotesHostMessage =
  | { readonly type: 'empty'; readonly reason: string; readonly action: PanelAction | null }
  | { readonly type: 'loading'; readonly title: string }
  | {
      readonly type: 'results';
      readonly title: string;
      readonly items: readonly SimilarNoteItem[];
      /** For what the user typed: they stay until the user puts them away. */
      readonly isTyped: boolean;
      /** Note text is hidden on this screen: draw neither titles nor snippets. */
      readonly hideText: boolean;
    }
  | { readonly type: 'error'; readonly message: string };

/** A button that runs one of the extension's commands. */
export interface PanelAction {
  readonly label: string;
  readonly command: string;
}

export type SimilarNotesPanelMessage =
  | { readonly type: 'open'; readonly key: string }
  /** Typed results have been seen: the open note counts again. */
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
      readonly category: Int32Array;
      readonly categories: readonly string[];
      readonly warnings: readonly string[];
      readonly hideText: boolean;
    }
  /** Index of the open note's point, or `null`. */
  | { readonly type: 'highlight'; readonly point: number | null }
  | { readonly type: 'error'; readonly message: string };

export type ClustersPanelMessage =
  | { readonly type: 'open'; readonly point: number }
  | { readonly type: 'action'; readonly command: string };

// --- Training (a panel) ----------------------------------------------------------------------

export type TrainingHostMessage =
  | {
      readonly type: 'run';
      readonly name: string;
      /** `null` until the run's job has been read. */
      readonly objective: ObjectiveName | null;
      readonly status: RunStatus;
      readonly progress: RunProgress | null;
      /** `null` until the run is laid out. */
      readonly plan: PretrainPlan | null;
      readonly notes: readonly string[];
      readonly error: string | null;
      readonly heldOutLoss: { readonly before: number; readonly after: number | null } | null;
    }
  /** All lines so far (`reset`), or those since the last message. */
  | { readonly type: 'metrics'; readonly reset: boolean; readonly lines: readonly MetricsLine[] };

export type TrainingPanelMessage = { readonly type: 'control'; readonly command: RunCommand };

// --- Comparison (a panel): curves of several runs ---------------------------------------------

export interface ComparedRun {
  /** Tells the runs of this message apart. */
  readonly id: string;
  readonly name: string;
  readonly corpus: string;
  readonly objective: ObjectiveName;
  /** What the model that it started from is called. */
  readonly base: string;
  readonly status: RunStatus;
  /** What decides what its losses measure, by the name of the setting; empty until it is known. */
  readonly settings: Readonly<Record<string, string>>;
}

export type ComparisonHostMessage =
  | { readonly type: 'runs'; readonly runs: readonly ComparedRun[] }
  | {
      readonly type: 'metrics';
      /** `id` of a run that was named before. */
      readonly run: string;
      readonly reset: boolean;
      readonly lines: readonly MetricsLine[];
    };

export type ComparisonPanelMessage = { readonly type: 'show'; readonly run: string };

// --- Evaluation (a panel) --------------------------------------------------------------------

export type EvaluationHostMessage =
  | { readonly type: 'empty'; readonly reason: string }
  | {
      readonly type: 'figures';
      readonly corpus: string;
      readonly protocol: ProtocolName;
      /** The first is what the others are compared with. */
      readonly rows: readonly {
        readonly model: string;
        /** `null` where the protocol trains nothing. */
        readonly shots: Shots | null;
        readonly figures: Figures;
      }[];
      readonly verdict: readonly string[];
    };

/** There is nothing to press. */
export type EvaluationPanelMessage = never;
