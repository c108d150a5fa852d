/**
 * The interface of a device that trains. Callers do not know where parameters live, or whether each
 * micro-batch is a separate run or an iteration within one.
 */
import type { Device } from '../../protocol/catalogue/devices.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { PoolingName } from '../../protocol/catalogue/poolings.js';
import type { LossWeights } from '../../protocol/catalogue/training.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { LoraSettings } from '../encoder/lora.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { ObjectiveParts } from '../objectives/objective.js';
import type { MicroBatchShape, SampledStep } from '../objectives/sampling/sampler.js';
import type { Control } from './control.js';

export interface Backend {
  readonly device: Device;
  /**
   * Plans a training without allocating memory for it.
   *
   * @param split number of runs per micro-batch; more runs need less memory
   */
  layOut(work: TrainingWork, split: number): TrainingLayout;
  /** Measures losses of fixed parameters. */
  evaluate(work: EvaluationWork): Promise<Evaluation>;
  /** Embeds sequences with fixed parameters. */
  embed(work: EmbeddingWork): Promise<SequenceEmbedding>;
  /** Speed of large matrix products, in GFLOP/s. */
  measurePeak(options: { readonly threads: number; readonly now: () => number }): Promise<number>;
}

/** The inputs from which graphs are built. */
export interface GraphWork {
  readonly config: EncoderConfig;
  readonly objective: ObjectiveParts;
  /** The sampler's shapes. */
  readonly shapes: readonly MicroBatchShape[];
  /** The sampler's `stepCapacity`. */
  readonly stepCapacity: number;
  readonly lora: LoraSettings | null;
  /** How the model pools; the mean, unless said otherwise. */
  readonly poolings?: readonly PoolingName[] | undefined;
  readonly threads: number;
}

export interface TrainingWork extends GraphWork {
  readonly lossWeights: LossWeights;
  readonly specs: readonly ParameterSpec[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly optimizer: OptimizerSettings;
  /** Seed of the dropout masks, with the step and the site. */
  readonly seed: number;
}

/** AdamW, and clipping by the global norm. */
export interface OptimizerSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Not applied to biases and LayerNorm. */
  readonly weightDecay: number;
  readonly maxGradNorm: number;
}

export interface EvaluationWork extends GraphWork {
  /** Parameters of the encoder, the head and the losses. */
  readonly specs: readonly ParameterSpec[];
  /** By name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** Embedding takes no objective: `specs` are those of the encoder, and of low-rank adaptation. */
export type EmbeddingWork = Omit<EvaluationWork, 'objective' | 'stepCapacity'>;

/** All in bytes. */
export interface MemoryNeeds {
  /** Trained parameters, gradients and moments. */
  readonly state: number;
  /** Buffers that all graphs share. */
  readonly buffers: number;
  /** Activations of the largest graph. */
  readonly largestSession: number;
}

export interface TrainingLayout {
  readonly memory: MemoryNeeds;
  /** Micro-batches are single rows and cannot be split further. */
  readonly isFinest: boolean;
  /** Useful operations per row of a shape in a step. */
  operations(shape: number): number;
  prepare(options: PrepareOptions): Promise<PreparedTraining>;
}

export interface PrepareOptions {
  /** Initial values of `specs`, by name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Limit for the activations of all sessions kept between runs. */
  readonly sessionLimitBytes: number;
  /**
   * Called when memory ran out during a run, which continues with micro-batches in this many parts.
   */
  readonly onSplit: (split: number) => void;
}

export interface PreparedTraining {
  /** Maximum number of steps per call of `run`: 1 if a loss is computed outside the graph. */
  readonly stepsPerRun: number;
  /** Current number of runs per micro-batch. */
  readonly split: number;
  /**
   * Splits micro-batches as an earlier process did, so that results are identical to the last
   * digit.
   */
  cut(split: number): Promise<void>;
  /**
   * Computes gradients, clips them and updates the parameters, for each step in turn. Stops at a
   * step whose loss or gradient is not finite, without applying it. If cancelled between
   * micro-batches, the current step has no effect.
   */
  run(steps: readonly StepWork[], control: Control): Promise<StepOutcome[]>;
  /** Measures losses of the current parameters at each call, of any objective over them. */
  evaluate(work: MeasuredWork): Promise<Evaluation>;
  /** Embeds sequences with the current parameters at each call. */
  embed(work: Pick<GraphWork, 'shapes'>): Promise<SequenceEmbedding>;
  /**
   * Lends the checkpoint state to `read`, in the same order on every device: see `stateSections`.
   */
  readState<T>(read: (sections: readonly Float32Array[]) => Promise<T>): Promise<T>;
  /**
   * Replaces the state with what `fill` writes, if it returns true; otherwise the contents are
   * undefined.
   */
  writeState(fill: (sections: readonly Float32Array[]) => Promise<boolean>): Promise<boolean>;
  /** Whether every trained value is a finite number. */
  isSound(): Promise<boolean>;
  /** All of `specs`, by name; the next step may change the arrays. */
  readParameters(): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

/** What is measured; without an objective, that of the training. */
export type MeasuredWork = Pick<GraphWork, 'shapes' | 'stepCapacity'> &
  Partial<Pick<GraphWork, 'objective'>>;

export interface StepWork {
  /** Number of steps completed before it. */
  readonly step: number;
  readonly sampled: SampledStep;
  readonly learningRate: number;
}

export type Losses = Readonly<Partial<Record<LossName, number>>>;

export interface StepOutcome {
  /** Weighted sum of the losses. */
  readonly loss: number;
  /** Excludes losses for which this step has no labels, or nothing to compare. */
  readonly losses: Losses;
  /** Before clipping. */
  readonly gradNorm: number;
  /** Excludes padding. */
  readonly tokens: number;
  /** Useful floating-point operations, excluding padding. */
  readonly flops: number;
}

export interface Evaluation {
  /**
   * @param onSequences called with the number of sequences measured so far in this step
   * @returns sums over a step, by loss: those of the graph, and the step loss if anything is
   * compared
   */
  measure(
    step: SampledStep,
    control: Control,
    onSequences: (count: number) => void,
  ): Promise<LossSums>;
  release(): Promise<void>;
}

export interface SequenceEmbedding {
  /**
   * Pools each sequence of a step as the model does, without dropout, unnormalised and before any
   * further layer.
   *
   * @param embeddings [rows, hiddenSize], filled at the rows of the step's examples
   * @param onSequences called with the number of sequences embedded so far in this step
   */
  embed(
    step: SampledStep,
    embeddings: Float32Array,
    control: Control,
    onSequences: (count: number) => void,
  ): Promise<void>;
  release(): Promise<void>;
}

export type LossSums = Partial<Record<LossName, LossSum>>;

export interface LossSum {
  /** Sum of weight x loss. */
  readonly loss: number;
  readonly weight: number;
  /** Sum of the weights of the labels that the model ranks first; `null` if nothing is ranked. */
  readonly correct: number | null;
}

/** Whether training can continue after this outcome. */
export function isUsable({ loss, gradNorm }: Pick<StepOutcome, 'loss' | 'gradNorm'>): boolean {
  return Number.isFinite(loss) && Number.isFinite(gradNorm);
}
