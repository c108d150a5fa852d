/**
 * Where training is computed. A device is one implementation; what calls it learns neither where
 * parameters live nor whether micro-batches are runs of their own or a loop inside one.
 */
import type { Device } from '../../protocol/catalogue/devices.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
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
   * Lays a training out, without memory for it.
   *
   * @param split runs that each micro-batch is cut into: more of them need less memory
   */
  layOut(work: TrainingWork, split: number): TrainingLayout;
  /** Measures losses of parameters that nobody trains. */
  evaluate(work: EvaluationWork): Promise<Evaluation>;
  /** Speed of large matrix products, in 1e9 floating-point operations a second. */
  measurePeak(options: { readonly threads: number; readonly now: () => number }): Promise<number>;
}

/** What graphs are made for. */
export interface GraphWork {
  readonly config: EncoderConfig;
  readonly objective: ObjectiveParts;
  /** Of the sampler. */
  readonly shapes: readonly MicroBatchShape[];
  /** Of the sampler. */
  readonly stepCapacity: number;
  readonly lora: LoraSettings | null;
  readonly threads: number;
}

export interface TrainingWork extends GraphWork {
  readonly lossWeights: LossWeights;
  readonly specs: readonly ParameterSpec[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly optimizer: OptimizerSettings;
  /** Dropout masks depend on it, the step, and the place. */
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
  /** Of the encoder, the head and the losses. */
  readonly specs: readonly ParameterSpec[];
  /** By name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** Bytes. */
export interface MemoryNeeds {
  /** Trained parameters, gradients and moments. */
  readonly state: number;
  /** What all graphs share beside them. */
  readonly buffers: number;
  /** Activations of the largest graph. */
  readonly largestSession: number;
}

export interface TrainingLayout {
  readonly memory: MemoryNeeds;
  /** Micro-batches are single rows: they cannot be cut finer. */
  readonly isFinest: boolean;
  prepare(options: PrepareOptions): Promise<PreparedTraining>;
}

export interface PrepareOptions {
  /** First values of `specs`, by name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** What activations that are kept between runs may take together. */
  readonly sessionLimitBytes: number;
  /** Told when memory ran out in the middle of a run, which goes on with micro-batches in so many parts. */
  readonly onSplit: (split: number) => void;
}

export interface PreparedTraining {
  /** Whole steps that one call of `run` takes at most: 1 where a loss is computed outside the graph. */
  readonly stepsPerRun: number;
  /** Runs that each micro-batch is cut into at present. */
  readonly split: number;
  /** Useful operations that a row of a shape takes in a step. */
  operations(shape: number): number;
  /** Cuts micro-batches as a process before had to, so that every digit is the same. */
  cut(split: number): Promise<void>;
  /**
   * Gradients, clipping and the optimizer's update, for each step in turn. A step whose loss or gradient is
   * not a number changes nothing, and none follows it. Cancelled between micro-batches, it is as if
   * the step had not begun.
   */
  run(steps: readonly StepWork[], control: Control): Promise<StepOutcome[]>;
  /** Measures losses of the parameters as they are at each call. */
  evaluate(work: Pick<GraphWork, 'shapes' | 'stepCapacity'>): Promise<Evaluation>;
  /** Lends what a checkpoint holds, in an order that is the same on every device: see `stateSections`. */
  readState<T>(read: (sections: readonly Float32Array[]) => Promise<T>): Promise<T>;
  /** Takes what `fill` leaves in the sections, if it says so; else they may be anything. */
  writeState(fill: (sections: readonly Float32Array[]) => Promise<boolean>): Promise<boolean>;
  /** Whether every trained value is a finite number. */
  isSound(): Promise<boolean>;
  /** All of `specs`, by name; the arrays may change with the next step. */
  readParameters(): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

export interface StepWork {
  /** Complete steps before it. */
  readonly step: number;
  readonly sampled: SampledStep;
  readonly learningRate: number;
}

export type Losses = Readonly<Partial<Record<LossName, number>>>;

export interface StepOutcome {
  /** Weighted sum. */
  readonly loss: number;
  /** Without those for which this step has no labels, or nothing to compare. */
  readonly losses: Losses;
  /** Before clipping. */
  readonly gradNorm: number;
  /** Without padding. */
  readonly tokens: number;
  /** Useful floating-point operations, padding taken off. */
  readonly flops: number;
}

export interface Evaluation {
  /**
   * @param onSequences told how many sequences of the step were measured so far
   * @returns sums over a step, by loss; those of the graph, and that of the step where it compares anything
   */
  measure(
    step: SampledStep,
    control: Control,
    onSequences: (count: number) => void,
  ): Promise<LossSums>;
  release(): Promise<void>;
}

export type LossSums = Partial<Record<LossName, LossSum>>;

export interface LossSum {
  /** Of weight x loss. */
  readonly loss: number;
  readonly weight: number;
  /** Of the weights of what the model ranks first; `null` where nothing is ranked. */
  readonly correct: number | null;
}

/** Whether an outcome is one to go on from. */
export function isFinite({ loss, gradNorm }: Pick<StepOutcome, 'loss' | 'gradNorm'>): boolean {
  return Number.isFinite(loss) && Number.isFinite(gradNorm);
}
