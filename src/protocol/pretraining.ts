/** Pre-training: how it is asked for, what it needs, what it gives. */
import type { DeviceName } from './catalogue/devices.js';
import type { ObjectiveName } from './catalogue/objectives.js';
import type { RunEnd } from './catalogue/runEnds.js';
import type { CorpusSpec } from './corpusSpec.js';

export interface PretrainJob {
  readonly kind: 'pretrain';
  readonly corpus: CorpusSpec;
  readonly objective: ObjectiveName;
  /** Absolute path of a Hugging Face folder, or `bundled`. */
  readonly base: string;
  readonly device: DeviceName;
  readonly maxSteps: number | null;
  readonly seed: number;
  readonly resume: boolean;
  /** With `resume`: ends with what the last checkpoint holds, instead of training on. */
  readonly finish?: boolean;
  /** Overrides of the training configuration's defaults; unknown keys are rejected. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Estimated needs of a pre-training run, known before its first step. */
export interface PretrainPlan {
  /** The device that trains: "cpu". */
  readonly device: string;
  /** Why this one, in one sentence; absent if it was asked for. */
  readonly deviceReason?: string;
  readonly threads: number;
  /** Of all stages. */
  readonly steps: number;
  /** In order: the warm-up of a new head, objectives, heads of merged models. */
  readonly stages?: readonly { readonly label: string; readonly steps: number }[];
  /** Mean over the steps, excluding padding. */
  readonly tokensPerStep: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  readonly memoryBytes: number;
  /** `null` if the system does not report it. */
  readonly freeMemoryBytes: number | null;
  /** For the kept checkpoints, a new one being written, and the model. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number | null;
  /** Estimated from this machine's matrix-product speed; `null` if not measured. */
  readonly expectedSeconds: number | null;
  /**
   * Training documents by category, most frequent first; `null` for objectives without categories.
   */
  readonly categories: readonly { readonly name: string; readonly documents: number }[] | null;
  /** Suggested changes for what does not fit or could be better, one sentence each. */
  readonly advice: readonly string[];
}

export interface PretrainResult {
  readonly kind: 'pretrain';
  /** Absolute path of the run folder. */
  readonly run: string;
  /** Absolute path of the exported model folder. */
  readonly model: string;
  readonly steps: number;
  readonly tokens: number;
  readonly documents: number;
  readonly documentsTrain: number;
  readonly documentsHeldOut: number;
  /** Number of held-out notes that the base model was trained on; `null` if it does not say. */
  readonly documentsHeldOutSeen: number | null;
  /** Records not learned from: skipped while reading, or notes without tokens. */
  readonly documentsSkipped: number;
  readonly tokensPerSecond: number;
  /** Share of ORT's own GEMM peak; `null` when not measured. */
  readonly gemmShare: number | null;
  /**
   * Means of up to ten steps at each end of the run's own objective, which share no step; `null`
   * where there is none.
   */
  readonly loss: { readonly first: number | null; readonly last: number | null };
  readonly heldOutLoss: { readonly before: number; readonly after: number };
  /** Why the training ended; absent in results from before this was kept. */
  readonly ended?: RunEnd;
  /** `null` if nothing was merged. */
  readonly merge?: MergeOutcome | null;
  /** Folder of the base model with its new head; `null` if the base had one. */
  readonly baseWithHead?: string | null;
}

/** A merge of the trained model with its base. */
export interface MergeOutcome {
  /** Share of the trained model in the result. */
  readonly ratio: number;
  /** Whose nearest neighbours were counted right; `null` if none were. */
  readonly neighboursOf: NeighbourKind | null;
  /** The trained model first, at the ratio 1. */
  readonly candidates: readonly {
    readonly ratio: number;
    readonly heldOutLoss: number;
    /** Share of held-out notes with the right nearest neighbour; `null` if not measured. */
    readonly neighbours: number | null;
  }[];
}

/** Notes of the same category, or the two halves of a note. */
export const neighbourKinds = ['category', 'halves'] as const;
export type NeighbourKind = (typeof neighbourKinds)[number];
