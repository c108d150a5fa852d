/**
 * What an objective is to the trainer: graphs over a fixed shape. Batches are filled by the
 * objective's own sampler; the graph says which inputs it wants.
 */
import type { EncoderConfig } from '../encoder/config.js';
import type { DropoutSite } from '../encoder/scope.js';
import type { ElementType, Lowering } from '../graph/graph.js';

export type { DropoutSite, ElementType, Lowering };

export interface TensorSpec {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}

/** Shape of one micro-batch. */
export interface MicroBatchShape {
  readonly batchSize: number;
  /** Tokens a sequence, padding included; a length bucket. */
  readonly sequenceLength: number;
  /** Slots for masked positions over the whole micro-batch; unused ones have weight 0. */
  readonly predictions: number;
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

export interface TrainingGraph {
  /** A complete ONNX model. */
  readonly bytes: Uint8Array;
  /** Parameters are float32 inputs of their Hugging Face names. */
  readonly parameters: readonly string[];
  /** Inputs of the batch (no parameters, accumulators or dropout masks). */
  readonly inputs: readonly TensorSpec[];
  readonly dropout: readonly DropoutSite[];
  readonly gradients: readonly GradientOutput[];
  /** float32 scalars ([1]), by loss name; the graph differentiates their weighted sum. */
  readonly losses: Readonly<Record<string, string>>;
  /** Useful floating-point operations of one run: 3 x forward, gathered head, no padding removed. */
  readonly flops: number;
}

export interface EvaluationGraph {
  readonly bytes: Uint8Array;
  readonly parameters: readonly string[];
  readonly inputs: readonly TensorSpec[];
  /** float32 scalars ([1]): weighted sums of losses. */
  readonly losses: Readonly<Record<string, string>>;
  /** float32 scalar ([1]): sum of weights of the slots whose most likely token is the label. */
  readonly correct: string;
}

export interface GraphOptions {
  readonly lowering: Lowering;
  /** Without dropout there are no mask inputs. */
  readonly dropout: boolean;
}

export interface Objective {
  readonly name: string;
  trainingGraph(
    config: EncoderConfig,
    shape: MicroBatchShape,
    options: GraphOptions,
  ): TrainingGraph;
  evaluationGraph(config: EncoderConfig, shape: MicroBatchShape): EvaluationGraph;
}

/**
 * Batch inputs of the `mlm` objective, by name. N = batchSize * sequenceLength.
 *
 *     inputIds        int32 [N]     after masking
 *     positionIds     int32 [N]     padding index + 1 onwards, padding index where padded
 *     tokenTypeIds    int32 [N]
 *     attentionBias   float32 [batchSize, 1, 1, sequenceLength]   0, or -1e4 where padded
 *     predictionRows  int32 [predictions]   index into N of each masked position
 *     labels          int32 [predictions]
 *     labelWeights    float32 [predictions]  the loss is sum(weight x cross-entropy); 0 in unused slots
 */
export const mlmInputNames = [
  'inputIds',
  'positionIds',
  'tokenTypeIds',
  'attentionBias',
  'predictionRows',
  'labels',
  'labelWeights',
] as const;
