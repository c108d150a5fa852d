/** What a training step reads: sequences in rows, rows in micro-batches. */
import type { LossName } from '../../../protocol/catalogue/losses.js';
import type { TokenizedDocument } from '../../tokens/dataset.js';
import type { MaskingSettings } from './masking.js';

/** What one loss is to learn from one sequence. */
export interface Target {
  /** Tokens or classes (integers), or numbers. */
  readonly labels: Int32Array | Float32Array;
  /** Where in `inputIds` each label belongs, ascending; `null`: they are of the sequence as a whole. */
  readonly positions: Int32Array | null;
  /** What each label counts. A loss is a mean over labels under these weights. */
  readonly weight: number;
}

export type Targets = Readonly<Partial<Record<LossName, Target>>>;

/** One sequence of a step. */
export interface Example {
  /** As the encoder reads it: after masking, special tokens included. */
  readonly inputIds: Int32Array;
  /** Its row among the step's embeddings; -1 where they are not compared. */
  readonly row: number;
  readonly targets: Targets;
}

/** What the labels of a target count together. */
export function weightOf({ labels, weight }: Target): number {
  return weight * labels.length;
}

/** Places in the sequence at which something is predicted. */
export function predictedPlaces({ targets }: Pick<Example, 'targets'>): number {
  return Object.values(targets).reduce((sum, { positions }) => sum + (positions?.length ?? 0), 0);
}

/** Sequences that stand in one row of a micro-batch, one after the other. */
export type ExampleRow = readonly Example[];

/** Shape of one micro-batch. */
export interface MicroBatchShape {
  /** Rows; each holds one sequence or several. */
  readonly batchSize: number;
  /** Tokens a row, padding included. */
  readonly sequenceLength: number;
  /** Places for sequences in a row. Where there are several, each attends to itself alone. */
  readonly sequencesPerRow: number;
  /** Slots for predicted places over the whole micro-batch; 0 where nothing is predicted. */
  readonly predictions: number;
}

export interface SampledStep {
  readonly microBatches: readonly {
    /** Index into the sampler's shapes. */
    readonly shape: number;
    /** At most the shape's `batchSize`, each of at most its `sequencesPerRow`. */
    readonly rows: readonly ExampleRow[];
  }[];
  /** Inputs of the step loss beside the embeddings. */
  readonly stepInputs: Readonly<Record<string, Float32Array>>;
  /** What the step loss is a mean over; 0 where this step has none. */
  readonly stepWeight: number;
}

/** Which sequences each step reads: a function of seed and step alone, so that a run can go on anywhere. */
export interface Sampler {
  readonly shapes: readonly MicroBatchShape[];
  readonly stepsPerEpoch: number;
  /** @param step counts from 0 */
  step(step: number): SampledStep;
  /** Sizes of the step loss; see `StepLoss`. */
  readonly stepCapacity: number;
}

/** How large batches are; the part of a training configuration that every sampler reads. */
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
  readonly special: { readonly cls: number; readonly sep: number };
  /** Longest sequence, special tokens included. */
  readonly maxLength: number;
  /** Tokens that a micro-batch may have, padding included. */
  readonly microBatchTokens: number;
  readonly seed: number;
}
