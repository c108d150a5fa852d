/** The data of a training step: sequences in rows, rows in micro-batches. */
import type { LossName } from '../../../protocol/catalogue/losses.js';
import type { TokenizedDocument } from '../../tokens/dataset.js';
import type { MaskingSettings } from './masking.js';

/** Targets of one loss in one sequence. */
export interface Target {
  /** Tokens or classes (integers), or numbers. */
  readonly labels: Int32Array | Float32Array;
  /**
   * Positions in `inputIds` of the labels, ascending; `null`: the labels apply to the whole
   * sequence.
   */
  readonly positions: Int32Array | null;
  /** Weight of each label. A loss is a weighted mean over labels. */
  readonly weight: number;
}

export type Targets = Readonly<Partial<Record<LossName, Target>>>;

/** A sequence of a step. */
export interface Example {
  /** The encoder's input: after masking, special tokens included. */
  readonly inputIds: Int32Array;
  /** Its row among the step's embeddings; -1 if they are not compared. */
  readonly row: number;
  readonly targets: Targets;
}

/** Total weight of a target's labels. */
export function weightOf({ labels, weight }: Target): number {
  return weight * labels.length;
}

/** Number of predicted places in the sequence. */
export function predictedPlaces({ targets }: Pick<Example, 'targets'>): number {
  return Object.values(targets).reduce((sum, { positions }) => sum + (positions?.length ?? 0), 0);
}

/** Sequences that share a row of a micro-batch, in order. */
export type ExampleRow = readonly Example[];

/** Shape of one micro-batch. */
export interface MicroBatchShape {
  /** Rows; each holds one or more sequences. */
  readonly batchSize: number;
  /** Tokens per row, padding included. */
  readonly sequenceLength: number;
  /** Maximum number of sequences per row; if more than one, each attends only to itself. */
  readonly sequencesPerRow: number;
  /** Slots for predictions in the whole micro-batch; 0 if nothing is predicted. */
  readonly predictions: number;
}

export interface SampledStep {
  readonly microBatches: readonly {
    /** Index into the sampler's shapes. */
    readonly shape: number;
    /** At most the shape's `batchSize`, each of at most its `sequencesPerRow`. */
    readonly rows: readonly ExampleRow[];
  }[];
  /** Inputs of the step loss, other than the embeddings. */
  readonly stepInputs: Readonly<Record<string, Float32Array>>;
  /** Total weight over which the step loss is a mean; 0 if this step has no step loss. */
  readonly stepWeight: number;
}

/**
 * Chooses the sequences of each step, as a function of seed and step only, so that a run can resume
 * at any step.
 */
export interface Sampler {
  readonly shapes: readonly MicroBatchShape[];
  readonly stepsPerEpoch: number;
  /** @param step counts from 0 */
  step(step: number): SampledStep;
  /** Size of the step loss; see `StepLoss`. */
  readonly stepCapacity: number;
}

/** Batch sizes; the part of a training configuration that every sampler reads. */
export interface BatchSettings {
  readonly batchTokens: number;
  readonly batchSequences: number | null;
  readonly batchDocuments: number;
  readonly gradientAccumulationSteps: number;
}

export interface SamplerSetup {
  readonly documents: readonly TokenizedDocument[];
  readonly batches: BatchSettings;
  readonly masking: MaskingSettings;
  /** Whether a token starts a word. */
  readonly isWordStart: (id: number) => boolean;
  readonly special: { readonly cls: number; readonly sep: number };
  /** Longest sequence, special tokens included. */
  readonly maxLength: number;
  /** Maximum tokens per micro-batch, padding included. */
  readonly microBatchTokens: number;
  readonly seed: number;
}
