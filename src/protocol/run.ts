/**
 * The files of a run folder. A job process owns the folder; panels, other windows and the command
 * line read it, and steer the job only through `control.json`.
 *
 *     job.json        JobSpec       written by whoever starts or resumes the job
 *     state.json      RunState      replaced (write, rename) by the job, at least every heartbeat
 *     metrics.jsonl   MetricsLine   appended and flushed per optimizer step
 *     control.json    RunControl    replaced by whoever wants to pause, finish or cancel
 *     name.json       the name that the user gave it, if any
 *     lock/           a file with the owner's process, renewed by its heartbeat
 *     model/          the exported Hugging Face folder (pre-training)
 *     base-with-head/ the base model with the head that was made for it, if it had none
 *     checkpoints/    resumable states (pre-training)
 *     claim/          a lock of the worker that started it (a part of a study)
 */
import type { AnalyzeJob, AnalyzeResult } from './analysis.js';
import type { EvaluateJob, EvaluateResult } from './evaluation.js';
import type { IndexJob, IndexResult } from './indexing.js';
import type { ImportJob, ImportResult } from './modelImport.js';
import type { PretrainJob, PretrainPlan, PretrainResult } from './pretraining.js';
import type { ProjectJob, ProjectResult } from './projection.js';
import type { StudyJob, StudyResult } from './study.js';

export const runFileNames = {
  job: 'job.json',
  state: 'state.json',
  metrics: 'metrics.jsonl',
  control: 'control.json',
  lock: 'lock',
  model: 'model',
  baseWithHead: 'base-with-head',
  checkpoints: 'checkpoints',
  title: 'name.json',
  claim: 'claim',
} as const;

/** Interval at which a job renews `updatedAt`; a state older than `staleAfterMs` is of a dead job. */
export const heartbeatMs = 1000;
export const staleAfterMs = 10_000;

export type JobSpec =
  IndexJob | PretrainJob | EvaluateJob | AnalyzeJob | StudyJob | ProjectJob | ImportJob;
export type JobKind = JobSpec['kind'];

export const runStatuses = [
  'starting',
  'running',
  'paused',
  'finishing',
  'cancelling',
  'cancelled',
  'done',
  'failed',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunProgress {
  /** Current activity, in the user's words: "Embedding passages". */
  readonly phase: string;
  readonly done: number;
  /** `null` while unknown. */
  readonly total: number | null;
  readonly unit: string;
}

/** What went wrong, in one sentence that says what to do; never note text. */
export interface RunError {
  readonly message: string;
  /** `usage`: bad input (exit 2); `failed`: an external failure such as a full disk (exit 1). */
  readonly kind: 'usage' | 'failed';
}

/** What a run has taken, all its processes together. */
export interface RunCost {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** Most that a process of it held. */
  readonly peakMemoryBytes: number;
}

export interface RunState {
  readonly format: 1;
  readonly kind: JobKind;
  readonly name: string;
  readonly status: RunStatus;
  /** 0 until the job's process has started. */
  readonly pid: number;
  /** Name of the machine that `pid` belongs to, since folders may be shared over a network. */
  readonly host?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly progress: RunProgress | null;
  /** For pre-training, once it has been planned. */
  readonly plan?: PretrainPlan | null;
  /** Warnings and remarks for the user, one sentence each. */
  readonly notes: readonly string[];
  readonly result: JobResult | null;
  readonly error: RunError | null;
  /** Absent until a process has begun, and in runs of earlier versions. */
  readonly cost?: RunCost;
}

/** `finish`: a pre-training ends now, and gives the model that it has come to. */
export const runCommands = ['cancel', 'pause', 'resume', 'finish'] as const;
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
   * Training loss of the step, 0 if nothing could be compared and `losses` is empty; `null` on a
   * line that has only a held-out loss.
   */
  readonly loss: number | null;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number | null;
  readonly gradNorm: number | null;
  readonly tokensPerSecond: number | null;
  readonly heldOutLoss: number | null;
  /** Unweighted parts by loss name; absent on lines for steps. */
  readonly heldOutLosses?: Readonly<Record<string, number>>;
  readonly memoryBytes: number | null;
}

export type JobResult =
  | IndexResult
  | PretrainResult
  | EvaluateResult
  | AnalyzeResult
  | StudyResult
  | ProjectResult
  | ImportResult;
