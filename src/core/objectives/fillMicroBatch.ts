/** Fills a micro-batch's inputs; rows and slots that are left over are padding of weight 0. */
import { firstPosition } from '../encoder/config.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { Example, MicroBatchShape } from './objective.js';

/**
 * Inputs of a micro-batch's graph, by name; those that a graph does not have are left out.
 * N = batchSize * sequenceLength.
 *
 *     inputIds           int32 [N]     after masking
 *     positionIds        int32 [N]     RoBERTa: from the padding index + 1, padding index where padded; BERT: from 0
 *     tokenTypeIds       int32 [N]
 *     attentionBias      float32 [batchSize, 1, 1, sequenceLength]   0, or -1e4 where padded
 *     predictionRows     int32 [predictions]   index into N of each masked position
 *     labels             int32 [predictions]
 *     labelWeights       float32 [predictions]  the loss is sum(weight x cross-entropy); 0 in unused slots
 *     poolingWeights     float32 [batchSize, 1, sequenceLength]   1 / tokens of the sequence
 *     embeddingGradient  float32 [batchSize, hiddenSize]   of the step loss
 *     categories         int32 [batchSize]
 *     categoryWeights    float32 [batchSize]   0 for what has no category
 */
export type MicroBatchInputs = Readonly<Record<string, Float32Array | Int32Array>>;

export interface MicroBatchWeights {
  /** Of each predicted token. */
  readonly prediction: number;
  /** Multiplies the examples' own. */
  readonly category: number;
  /** Gradient of the step loss by its embeddings [rows, hiddenSize]. */
  readonly embeddingGradient: Float32Array | null;
}

export function fillMicroBatch(
  inputs: MicroBatchInputs,
  examples: readonly Example[],
  shape: MicroBatchShape,
  config: EncoderConfig,
  weights: MicroBatchWeights,
): void {
  fillTokens(inputs, examples, shape, config);
  if ('predictionRows' in inputs) fillPredictions(inputs, examples, shape, weights.prediction);
  if ('poolingWeights' in inputs) fillPooling(inputs, examples, shape);
  if ('categories' in inputs) fillCategories(inputs, examples, weights.category);
  if ('embeddingGradient' in inputs && weights.embeddingGradient !== null) {
    fillEmbeddingGradient(inputs, examples, weights.embeddingGradient, config.hiddenSize);
  }
}

function fillTokens(
  inputs: MicroBatchInputs,
  examples: readonly Example[],
  { sequenceLength }: MicroBatchShape,
  config: EncoderConfig,
): void {
  const first = firstPosition(config);
  const inputIds = input(inputs, 'inputIds').fill(config.padTokenId);
  const positionIds = input(inputs, 'positionIds').fill(Math.max(0, first - 1));
  const attentionBias = input(inputs, 'attentionBias').fill(-1e4);
  input(inputs, 'tokenTypeIds').fill(0);
  examples.forEach((example, row) => {
    const start = row * sequenceLength;
    const tokens = example.inputIds.length;
    inputIds.set(example.inputIds, start);
    for (let i = 0; i < tokens; i++) positionIds[start + i] = first + i;
    attentionBias.fill(0, start, start + tokens);
  });
}

function fillPredictions(
  inputs: MicroBatchInputs,
  examples: readonly Example[],
  { sequenceLength }: MicroBatchShape,
  weight: number,
): void {
  const predictionRows = input(inputs, 'predictionRows').fill(0);
  const labels = input(inputs, 'labels').fill(0);
  const labelWeights = input(inputs, 'labelWeights').fill(0);
  let slot = 0;
  examples.forEach((example, row) => {
    labels.set(example.labels, slot);
    labelWeights.fill(weight, slot, slot + example.positions.length);
    for (const position of example.positions) {
      predictionRows[slot++] = row * sequenceLength + position;
    }
  });
}

function fillPooling(
  inputs: MicroBatchInputs,
  examples: readonly Example[],
  { sequenceLength }: MicroBatchShape,
): void {
  const poolingWeights = input(inputs, 'poolingWeights').fill(0);
  examples.forEach(({ inputIds: { length } }, row) => {
    poolingWeights.fill(1 / length, row * sequenceLength, row * sequenceLength + length);
  });
}

function fillCategories(
  inputs: MicroBatchInputs,
  examples: readonly Example[],
  weight: number,
): void {
  const categories = input(inputs, 'categories').fill(0);
  const categoryWeights = input(inputs, 'categoryWeights').fill(0);
  examples.forEach(({ category, categoryWeight }, row) => {
    categories[row] = category;
    categoryWeights[row] = weight * categoryWeight;
  });
}

function fillEmbeddingGradient(
  inputs: MicroBatchInputs,
  examples: readonly Example[],
  gradient: Float32Array,
  width: number,
): void {
  const target = input(inputs, 'embeddingGradient').fill(0);
  examples.forEach(({ row }, i) => {
    if (row >= 0) target.set(gradient.subarray(row * width, (row + 1) * width), i * width);
  });
}

function input(inputs: MicroBatchInputs, name: string): Float32Array | Int32Array {
  const view = inputs[name];
  if (view === undefined) throw new RangeError(`The graph has no input ${name}.`);
  return view;
}
