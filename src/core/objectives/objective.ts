/**
 * What an objective is to the trainer. It says which sequences each step reads (a sampler), and which
 * losses their hidden states pay for: masked language modelling at the places that its examples
 * predict, a loss of single sequences, and a loss that compares all sequences of a step. The
 * graph of a micro-batch is built from these parts, the same way for every objective.
 */
import type { EncoderConfig } from '../encoder/config.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { DropoutSite, EncoderScope } from '../encoder/scope.js';
import type { ElementType, Value } from '../graph/graph.js';
import type { TokenizedDocument } from '../tokens/dataset.js';
import type { MaskingSettings } from './sampling/masking.js';

export type { DropoutSite };

export type ObjectiveName = 'mlm' | 'declutr' | 'note-category';
export type LossName = 'mlm' | 'ntXent' | 'category';
export type LossWeights = Readonly<Partial<Record<LossName, number>>>;

/** The part of a training configuration that objectives read. */
export interface ObjectiveSettings {
  readonly batchTokens: number;
  readonly batchSequences: number | null;
  readonly batchDocuments: number;
  readonly gradientAccumulationSteps: number;
  /** `null`: those of the objective. */
  readonly lossWeights: LossWeights | null;
  readonly mlmProbability: number;
  readonly wholeWordMasking: boolean;
  readonly anchorsPerDocument: number;
  readonly positivesPerAnchor: number;
  readonly samplingStrategy: 'any' | 'adjacent' | 'subsuming';
  readonly temperature: number;
  readonly categoryLoss: 'cross-entropy' | 'sup-con';
  readonly categoryTemperature: number;
  readonly categoryWeights: 'equal' | 'balanced';
}

/** One sequence of a step. */
export interface Example {
  /** After masking, special tokens included. */
  readonly inputIds: Int32Array;
  /** Places in `inputIds` that are predicted, ascending. */
  readonly positions: Int32Array;
  /** The ids that stood there. */
  readonly labels: Int32Array;
  /** Its row among the step's embeddings; -1 where they are not compared. */
  readonly row: number;
  /** For the loss of single sequences: the class, and how much it counts. */
  readonly category: number;
  readonly categoryWeight: number;
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
  /** Slots for masked positions over the whole micro-batch; 0 where nothing is predicted. */
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

export interface SamplerSetup {
  readonly documents: readonly TokenizedDocument[];
  readonly settings: ObjectiveSettings;
  readonly masking: MaskingSettings;
  readonly special: { readonly cls: number; readonly sep: number };
  /** Longest sequence, special tokens included. */
  readonly maxLength: number;
  /** Tokens that a micro-batch may have, padding included. */
  readonly microBatchTokens: number;
  readonly seed: number;
}

/** A loss of the pooled embedding of each sequence by itself, inside the micro-batch's graph. */
export interface SequenceLoss {
  readonly name: LossName;
  /**
   * @param pooled [sequences, hiddenSize]
   * @param labels int32 [sequences]
   * @param weights [sequences]; the loss is a sum of weight x loss, [1]
   */
  build(
    scope: EncoderScope,
    pooled: Value,
    labels: Value,
    weights: Value,
  ): { readonly loss: Value; readonly correct: () => Value };
}

/** A loss over the embeddings of a whole step, however many micro-batches they come from. */
export interface StepLoss {
  readonly name: LossName;
  /** Embeddings that are compared with each other: memory grows with their square. */
  compared(capacity: number): number;
  /** @param capacity the sampler's `stepCapacity` */
  graph(width: number, capacity: number): StepLossGraph;
}

export interface StepLossGraph {
  readonly bytes: Uint8Array;
  /** Parts of the step's embeddings, one after the other: float32 [rows, width], and their gradients. */
  readonly embeddings: readonly {
    readonly input: string;
    readonly rows: number;
    readonly gradient: string;
  }[];
  readonly inputs: readonly TensorSpec[];
  /** float32 [1] */
  readonly loss: string;
}

export interface Objective {
  readonly name: ObjectiveName;
  /** Total loss = sum of weight x loss; a loss of weight 0 is not computed. */
  readonly lossWeights: LossWeights;
  /** Parameters beside the encoder's and the masked-language-model head's. */
  readonly headSpecs: readonly ParameterSpec[];
  readonly sequenceLoss: SequenceLoss | null;
  readonly stepLoss: StepLoss | null;
  createSampler(setup: SamplerSetup): Sampler;
}

export interface ObjectiveSetup {
  readonly config: EncoderConfig;
  readonly settings: ObjectiveSettings;
  /** Of the training documents, the most frequent first; empty where they have none. */
  readonly categories: readonly CategoryCount[];
}

export interface CategoryCount {
  readonly name: string;
  readonly documents: number;
}

export type CreateObjective = (setup: ObjectiveSetup) => Objective;

export interface TensorSpec {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}

/**
 * Gradient of one parameter.
 * `dense`: `output` = `accumulator` + gradient, both of the parameter's shape; the same buffer may be
 *   given for both (accumulation in place).
 * `rows`: `output` [n, width] is added by the caller to the rows of the dense gradient that the int32
 *   input `rows` [n] names; rows repeat. A ScatterND here would lose updates on the CPU provider.
 *   A vector parameter [height] counts as [height, 1]. Several entries may name the same `output`:
 *   the tables of tokens, positions and types get one gradient, under different rows.
 */
export type GradientOutput =
  | {
      readonly kind: 'dense';
      readonly parameter: string;
      readonly output: string;
      readonly accumulator: string;
    }
  | {
      readonly kind: 'rows';
      readonly parameter: string;
      readonly output: string;
      readonly shape: readonly [number, number];
      readonly rows: string;
    };

export interface MicroBatchGraph {
  /** A complete ONNX model. */
  readonly bytes: Uint8Array;
  /** Parameters are float32 inputs of their Hugging Face names. */
  readonly parameters: readonly string[];
  /** Inputs of the batch (no parameters, accumulators or dropout masks). */
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  readonly gradients: readonly GradientOutput[];
  /** float32 [1], by loss name: sums of weight x loss. */
  readonly losses: Readonly<Partial<Record<LossName, string>>>;
  /** float32 [1], by loss name: sum of the weights of what the model ranks first. */
  readonly correct: Readonly<Partial<Record<LossName, string>>>;
  /** float32 [batchSize * sequencesPerRow, hiddenSize], unnormalised means; `null` where nobody asks for them. */
  readonly embeddings: string | null;
  /** Useful floating-point operations of one run, gathered head, no padding removed. */
  readonly flops: number;
  /** Those of them that each token spends on all others of its row. */
  readonly attentionFlops: number;
}
