/** What fine-tuning is given, and what it gives. */
import type { PoolingName } from '../../../protocol/catalogue/poolings.js';
import type { Backend } from '../../backend/backend.js';
import type { EncoderConfig } from '../../encoder/config.js';
import type { Tokenizer } from '../../tokens/tokenizer.js';
import type { Score } from './bestWeights.js';
import type { LabelsPerDocument } from '../metrics/testSet.js';
import type { FineTunedModel } from './predict.js';
import type { FineTuningSettings } from './settings.js';

/** The model that learns; it is not changed. */
export interface PretrainedModel {
  readonly config: EncoderConfig;
  /** By Hugging Face name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** How it pools; the mean, unless said otherwise. Layers after pooling are not used. */
  readonly poolings?: readonly PoolingName[];
}

export interface LabelledTexts {
  readonly texts: readonly string[];
  /** `one`: the class of each [texts]; `several`: 0 or 1 [texts, classes]. */
  readonly actual: Int32Array | Uint8Array;
}

export interface FineTuneOptions {
  readonly model: PretrainedModel;
  readonly tokenizer: Tokenizer;
  readonly labels: LabelsPerDocument;
  /** Number of classes; some may be missing from any part. */
  readonly classes: number;
  readonly train: LabelledTexts;
  /** Decides which weights are used and when training ends. */
  readonly validation: LabelledTexts;
  readonly test: readonly string[];
  /** Of the validation probabilities [texts, classes], higher is better; absent: macro-F1. */
  readonly score?: (probabilities: Float64Array) => number;
  readonly settings?: Partial<FineTuningSettings>;
  /** Of the head's first values, the order of documents and dropout. */
  readonly seed: number;
  /** The device that trains and predicts. */
  readonly backend: Backend;
  readonly threads: number;
  /** Memory available; micro-batches are cut to fit. Absent: not checked before. */
  readonly availableMemoryBytes?: number;
  readonly signal?: AbortSignal;
  /** Awaited between micro-batches; pending while the run is paused. */
  readonly pauseGate?: () => Promise<void>;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Memory that the process holds now; asked after every step. */
  readonly residentBytes?: () => number;
  readonly onProgress?: (progress: FineTuningProgress) => void;
  /** Reports a remark for the user, one sentence without note text. */
  readonly onNote?: (sentence: string) => void;
}

export interface FineTuningProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

export interface FineTuned {
  /** For `predict`. */
  readonly model: FineTunedModel;
  /** Of the test documents, [texts, classes]; of `one` class, each row sums to 1. */
  readonly probabilities: Float64Array;
  /** Validation scores, in the order of steps; the weights used are those of `best`. */
  readonly curve: readonly Score[];
  readonly best: Score;
  /** Steps and epochs trained, those after the best score included. */
  readonly steps: number;
  readonly epochs: number;
  readonly stoppedEarly: boolean;
  /** Numbers that were trained, those of the head included. */
  readonly trainableParameters: number;
  /** Of training and scoring, without the test documents. */
  readonly seconds: number;
  /** Most that `residentBytes` said; `null` without it. */
  readonly peakMemoryBytes: number | null;
  /** Documents longer than the model's window, of which only the first tokens were read. */
  readonly cut: { readonly train: number; readonly validation: number; readonly test: number };
}
