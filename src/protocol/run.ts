/**
 * The files of a run folder. A job process owns the folder; panels, other windows and the command
 * line read it, and steer the job only through `control.json`.
 *
 *     job.json        JobSpec       written once by whoever starts the job
 *     state.json      RunState      replaced (write, rename) by the job, at least every heartbeat
 *     metrics.jsonl   MetricsLine   appended and flushed per optimizer step
 *     control.json    RunControl    replaced by whoever wants to pause or cancel
 *     lock/           a file with the owner's process, renewed by its heartbeat
 *     model/          the exported Hugging Face folder (pre-training)
 *     checkpoints/    resumable states (pre-training)
 */
import type { DeviceName } from './catalogue/devices.js';
import type { Figures, Shots } from './catalogue/evaluation.js';
import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { ObjectiveName } from './catalogue/objectives.js';
import type { ProtocolName } from './catalogue/protocols.js';

export const runFileNames = {
  job: 'job.json',
  state: 'state.json',
  metrics: 'metrics.jsonl',
  control: 'control.json',
  lock: 'lock',
  model: 'model',
  checkpoints: 'checkpoints',
} as const;

/** Interval at which a job renews `updatedAt`; a state older than `staleAfterMs` is of a dead job. */
export const heartbeatMs = 1000;
export const staleAfterMs = 10_000;

/** A corpus as the user named it: an absolute path and the fields that they mapped by hand. */
export interface CorpusSpec {
  readonly source: string;
  readonly mapping: Partial<FieldMapping>;
}

export interface IndexJob {
  readonly kind: 'index';
  readonly corpus: CorpusSpec;
  /** Absolute path of a Hugging Face folder. */
  readonly model: string;
  /** Absolute path of the store's folder. */
  readonly store: string;
  readonly device: DeviceName;
}

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
  /** Overrides of the training configuration's defaults; unknown keys are refused. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly protocol: ProtocolName;
  readonly corpus: CorpusSpec;
  readonly models: readonly string[];
  readonly seed: number;
}

/** Two-dimensional projection of the documents of a store, for the cluster map. */
export interface ProjectJob {
  readonly kind: 'project';
  readonly store: string;
  readonly seed: number;
}

/** A file of a model on a hub. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal; `null` for small files, which a hub keeps without. */
  readonly sha256: string | null;
}

/** What will be downloaded, as the user has agreed to it. */
export interface HubModel {
  /** `owner/name` */
  readonly name: string;
  /** Of the commit, so that what comes is what was shown. */
  readonly revision: string;
  readonly files: readonly HubFile[];
}

/** Brings a model into the folder of models: a copy of a folder, or a download. */
export interface ImportJob {
  readonly kind: 'import';
  readonly source:
    { readonly folder: string } | { readonly hubUrl: string; readonly model: HubModel };
  /** Absolute path of the folder that the model will be. */
  readonly target: string;
}

export type JobSpec = IndexJob | PretrainJob | EvaluateJob | ProjectJob | ImportJob;
export type JobKind = JobSpec['kind'];

export const runStatuses = [
  'starting',
  'running',
  'paused',
  'cancelling',
  'cancelled',
  'done',
  'failed',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunProgress {
  /** What is being done, in the user's words: "Embedding passages". */
  readonly phase: string;
  readonly done: number;
  /** `null` while unknown. */
  readonly total: number | null;
  readonly unit: string;
}

/** What went wrong, in one sentence that says what to do; never note text. */
export interface RunError {
  readonly message: string;
  /** `usage`: the call was wrong (exit 2); `failed`: the world was (exit 1). */
  readonly kind: 'usage' | 'failed';
}

export interface RunState {
  readonly format: 1;
  readonly kind: JobKind;
  readonly name: string;
  readonly status: RunStatus;
  /** 0 until the job's process has taken over. */
  readonly pid: number;
  /** Name of the machine that `pid` belongs to: folders may be shared over a network. */
  readonly host?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly progress: RunProgress | null;
  /** Of a pre-training, once it is laid out. */
  readonly plan?: PretrainPlan | null;
  /** Warnings and remarks for the user, one sentence each. */
  readonly notes: readonly string[];
  readonly result: JobResult | null;
  readonly error: RunError | null;
}

/** What a pre-training will take, known before its first step. */
export interface PretrainPlan {
  /** What it runs on: "cpu". */
  readonly device: string;
  readonly threads: number;
  readonly steps: number;
  /** Mean over the steps, without padding. */
  readonly tokensPerStep: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  readonly memoryBytes: number;
  /** `null` where the system does not say. */
  readonly freeMemoryBytes: number | null;
  /** For the checkpoints that are kept, one more beside them, and the model. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number | null;
  /** From the speed of matrix products on this machine; `null` where it was not measured. */
  readonly expectedSeconds: number | null;
  /** Training documents by category, the most frequent first; `null` for objectives without. */
  readonly categories: readonly { readonly name: string; readonly documents: number }[] | null;
  /** What to change where something does not fit or is better otherwise, one sentence each. */
  readonly advice: readonly string[];
}

export const runCommands = ['cancel', 'pause', 'resume'] as const;
export type RunCommand = (typeof runCommands)[number];

export interface RunControl {
  readonly format: 1;
  readonly command: RunCommand;
  readonly at: number;
}

export interface MetricsLine {
  readonly format: 1;
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /**
   * Training loss of the step, 0 where nothing could be compared and `losses` is empty; `null` on a line
   * that only carries a held-out loss.
   */
  readonly loss: number | null;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number | null;
  readonly gradNorm: number | null;
  readonly tokensPerSecond: number | null;
  readonly heldOutLoss: number | null;
  /** Its parts by loss name, without weights; absent on lines of steps. */
  readonly heldOutLosses?: Readonly<Record<string, number>>;
  readonly memoryBytes: number | null;
}

export interface IndexResult {
  readonly kind: 'index';
  readonly documents: number;
  /** Passages in the store afterwards = embedded + reused. */
  readonly passages: number;
  readonly embedded: number;
  readonly reused: number;
  readonly removed: number;
  readonly seconds: number;
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
  /** Held-out notes that the base model was trained on; `null` where it does not say. */
  readonly documentsHeldOutSeen: number | null;
  /** Records that nothing was learned from: skipped while reading, or notes without a single token. */
  readonly documentsSkipped: number;
  readonly tokensPerSecond: number;
  /** Share of ORT's own GEMM peak; `null` when not measured. */
  readonly gemmShare: number | null;
  readonly loss: { readonly first: number; readonly last: number };
  readonly heldOutLoss: { readonly before: number; readonly after: number };
}

/** What one model achieved: its figures stand beside its name. */
export type EvaluateRow = Figures & {
  /** Absolute path of its folder, or the name of what it is compared with. */
  readonly model: string;
  readonly protocol: ProtocolName;
  /** Absent where the protocol trains nothing. */
  readonly shots?: Shots;
  /** What was drawn by; absent where it is the job's own. */
  readonly seed?: number;
};

export interface EvaluateResult {
  readonly kind: 'evaluate';
  readonly documents: number;
  /** Masked tokens that a loss was taken over; `null` where none were. */
  readonly maskedTokens: number | null;
  readonly results: readonly EvaluateRow[];
  /** One sentence per finding or warning, overlap with training documents among them. */
  readonly verdict: readonly string[];
  /** Held-out notes that a model was trained on, left out for all; `null`: the model does not say. */
  readonly leakage?: readonly { readonly model: string; readonly documents: number | null }[];
}

export interface ProjectResult {
  readonly kind: 'project';
  readonly points: number;
  readonly seconds: number;
}

export interface ImportResult {
  readonly kind: 'import';
  /** Absolute path of the model folder. */
  readonly model: string;
  readonly bytes: number;
}

export type JobResult =
  IndexResult | PretrainResult | EvaluateResult | ProjectResult | ImportResult;
