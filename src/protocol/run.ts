/**
 * The files of a run folder. A job process owns the folder; panels, other windows and the command
 * line read it, and steer the job only through `control.json`.
 *
 *     job.json        JobSpec       written by whoever starts or resumes the job
 *     state.json      RunState      replaced (write, rename) by the job, at least every heartbeat
 *     metrics.jsonl   MetricsLine   appended and flushed per optimizer step
 *     control.json    RunControl    replaced by whoever wants to pause, finish or cancel
 *     lock/           a file with the owner's process, renewed by its heartbeat
 *     model/          the exported Hugging Face folder (pre-training)
 *     base-with-head/ the base model with the head that was made for it, if it had none
 *     checkpoints/    resumable states (pre-training)
 */
import type { AnalyzeResult, AnalyzeRequest } from './analysis.js';
import type { DeviceName } from './catalogue/devices.js';
import type { ComparisonReason, Figures, Shots, TextsName } from './catalogue/evaluation.js';
import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { Reading } from './catalogue/reading.js';
import type { ObjectiveName } from './catalogue/objectives.js';
import type { FigureName, ProtocolName } from './catalogue/protocols.js';

export const runFileNames = {
  job: 'job.json',
  state: 'state.json',
  metrics: 'metrics.jsonl',
  control: 'control.json',
  lock: 'lock',
  model: 'model',
  baseWithHead: 'base-with-head',
  checkpoints: 'checkpoints',
} as const;

/** Interval at which a job renews `updatedAt`; a state older than `staleAfterMs` is of a dead job. */
export const heartbeatMs = 1000;
export const staleAfterMs = 10_000;

/** A corpus as the user specified it: an absolute path and the manually mapped fields. */
export interface CorpusSpec {
  readonly source: string;
  readonly mapping: Partial<FieldMapping>;
  /** How the file is read, as far as settled by hand. */
  readonly reading?: Reading | undefined;
}

export interface IndexJob {
  readonly kind: 'index';
  readonly corpus: CorpusSpec;
  /** Absolute path of a Hugging Face folder. */
  readonly model: string;
  /** Absolute path of the store's folder. */
  readonly store: string;
  readonly device: DeviceName;
  /** Put before queries and documents where the model's folder has no prompts. */
  readonly prompts?: { readonly query?: string; readonly document?: string };
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
  /** With `resume`: ends with what the last checkpoint holds, instead of training on. */
  readonly finish?: boolean;
  /** Overrides of the training configuration's defaults; unknown keys are rejected. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly protocol: ProtocolName;
  /** A second protocol on the same notes, if both have a target. */
  readonly also?: ProtocolName;
  readonly corpus: CorpusSpec;
  readonly models: readonly string[];
  readonly seed: number;
  /** Where to compute; absent: automatic. */
  readonly device?: DeviceName;
  /** For protocols with a target. */
  readonly classification?: ClassificationSpec;
}

/** The words that the program finds by itself. */
export const proposedWords = 'proposed';

export interface ClassificationSpec {
  /** What is to be predicted: a role, or a column that the corpus keeps. */
  readonly target: string;
  /** Whether a note has one label or several; `auto`: several where labels are written as lists. */
  readonly labels: 'auto' | 'one' | 'several';
  /** Labels per class; `all` for every training note. */
  readonly shots: readonly Shots[];
  /** Number of seeds; `null`: what the protocol usually takes. */
  readonly seeds: number | null;
  /**
   * Words that name what is to be predicted: everything is measured a second time without them;
   * `proposed`: those of the class names; empty: measured only once.
   */
  readonly withoutWords: readonly string[] | typeof proposedWords;
  /** Settings of fine-tuning that differ from the usual ones. */
  readonly fineTuning: Readonly<Record<string, unknown>>;
  /** Index of the corpus, whose vectors are used where its model is evaluated; `null`: none. */
  readonly store: string | null;
}

/** Measures the embedding spaces of models, and compares them. */
export type AnalyzeJob = AnalyzeRequest & { readonly corpus: CorpusSpec };

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
  /** SHA-256 in hexadecimal; `null` for small files, for which a hub has none. */
  readonly sha256: string | null;
}

/** A download to which the user has agreed. */
export interface HubDownload {
  /** `owner/name` */
  readonly name: string;
  /** Commit hash, so that the files downloaded are those shown to the user. */
  readonly revision: string;
  readonly files: readonly HubFile[];
}

/** What a hub says of a model. */
export interface HubModel extends HubDownload {
  /** In which form its weights come; `conversion`: safetensors, from a pull request. */
  readonly weights: 'safetensors' | 'conversion' | 'pickle';
  /** The pull request, `refs/pr/N`. */
  readonly reference: string | null;
}

/** Adds a model to the models folder, by copying a folder or downloading. */
export interface ImportJob {
  readonly kind: 'import';
  readonly source:
    { readonly folder: string } | { readonly hubUrl: string; readonly model: HubDownload };
  /** Absolute path of the new model folder. */
  readonly target: string;
}

export type JobSpec = IndexJob | PretrainJob | EvaluateJob | AnalyzeJob | ProjectJob | ImportJob;
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
}

/** Estimated needs of a pre-training run, known before its first step. */
export interface PretrainPlan {
  /** The device that trains: "cpu". */
  readonly device: string;
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

/** Results of one model: its figures and its name. */
export type EvaluateRow = Figures & {
  /** Absolute path of its folder, or the name of a baseline. */
  readonly model: string;
  readonly protocol: ProtocolName;
  /** Absent if the protocol trains nothing. */
  readonly shots?: Shots;
  /** Seed of the draws; absent if it is the job's own. */
  readonly seed?: number;
  /** Which texts were read; absent: whole ones. */
  readonly texts?: TextsName;
};

/** A mean over seeds, with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One model in one protocol with one number of labels, over all seeds. */
export interface EvaluateSummary {
  readonly model: string;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  /** Absent: whole. */
  readonly texts?: TextsName;
  readonly figures: Readonly<Partial<Record<FigureName, Estimate>>>;
}

/** `a` against `b` by macro-F1, planned before anything was measured. */
export interface EvaluateComparison {
  readonly a: string;
  readonly b: string;
  /** Absent in results of earlier versions. */
  readonly against?: ComparisonReason;
  readonly protocol: ProtocolName;
  readonly shots: Shots;
  /** Absent: whole. */
  readonly texts?: TextsName;
  readonly difference: Estimate;
  /** Of no difference, two-sided. */
  readonly p: number;
  /** Adjusted for the number of comparisons on these texts, by Holm. */
  readonly pHolm: number;
}

export interface EvaluateResult {
  readonly kind: 'evaluate';
  /** Absent before classification was measured. */
  readonly summary?: readonly EvaluateSummary[];
  readonly comparisons?: readonly EvaluateComparison[];
  readonly documents: number;
  /** Number of masked tokens in a loss; `null` if none were masked. */
  readonly maskedTokens: number | null;
  readonly results: readonly EvaluateRow[];
  /** One sentence per finding or warning, including overlap with training documents. */
  readonly verdict: readonly string[];
  /**
   * Held-out notes excluded because a model was trained on them; `null`: the model does not say.
   */
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
  IndexResult | PretrainResult | EvaluateResult | AnalyzeResult | ProjectResult | ImportResult;
