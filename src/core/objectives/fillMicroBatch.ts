/** Fills a micro-batch's inputs; places and slots that are left over are padding of weight 0. */
import { firstPosition } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { Example, ExampleRow, MicroBatchShape } from './objective.js';

/**
 * Inputs of a micro-batch's graph, by name; those that a graph does not have are left out.
 * N = batchSize * sequenceLength, S = batchSize * sequencesPerRow.
 *
 *     inputIds           int32 [N]     after masking
 *     positionIds        int32 [N]     from `firstPosition`, and the row before it where padded; anew for each sequence of a row
 *     tokenTypeIds       int32 [N]     only where the encoder has token types
 *     attentionBias      float32 `attentionBiasShape`   0 where a token may look, else -1e4
 *     predictionRows     int32 [predictions]   index into N of each masked position
 *     labels             int32 [predictions]
 *     labelWeights       float32 [predictions]  the loss is sum(weight x cross-entropy); 0 in unused slots
 *     poolingWeights     float32 [batchSize, sequencesPerRow, sequenceLength]   1 / tokens of the sequence
 *     embeddingGradient  float32 [S, hiddenSize]   of the step loss
 *     categories         int32 [S]
 *     categoryWeights    float32 [S]   0 for what has no category
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
  rows: readonly ExampleRow[],
  shape: MicroBatchShape,
  config: EncoderConfig,
  weights: MicroBatchWeights,
): void {
  const places = placesOf(rows, shape);
  fillTokens(inputs, places, shape, config);
  if ('predictionRows' in inputs) fillPredictions(inputs, places, weights.prediction);
  if ('poolingWeights' in inputs) fillPooling(inputs, places, shape);
  if ('categories' in inputs) fillCategories(inputs, places, weights.category);
  if ('embeddingGradient' in inputs && weights.embeddingGradient !== null) {
    fillEmbeddingGradient(inputs, places, weights.embeddingGradient, config.hiddenSize);
  }
}

/** Each sequence attends to itself alone: a row of several has a bias for every pair of its tokens. */
export function attentionBiasShape({
  batchSize,
  sequenceLength,
  sequencesPerRow,
}: MicroBatchShape): number[] {
  return [batchSize, 1, sequencesPerRow === 1 ? 1 : sequenceLength, sequenceLength];
}

/** Where a sequence stands. */
interface Place {
  readonly example: Example;
  /** Of its first token, in N. */
  readonly start: number;
  /** Its number, in S. */
  readonly sequence: number;
}

function placesOf(
  rows: readonly ExampleRow[],
  { sequenceLength, sequencesPerRow }: MicroBatchShape,
): Place[] {
  return rows.flatMap((row, r) => {
    let start = r * sequenceLength;
    return row.map((example, i) => {
      const place = { example, start, sequence: r * sequencesPerRow + i };
      start += example.inputIds.length;
      return place;
    });
  });
}

function fillTokens(
  inputs: MicroBatchInputs,
  places: readonly Place[],
  { sequenceLength, sequencesPerRow }: MicroBatchShape,
  config: EncoderConfig,
): void {
  const first = firstPosition(config);
  const inputIds = input(inputs, 'inputIds').fill(config.padTokenId);
  const positionIds = inputs['positionIds']?.fill(Math.max(0, first - 1));
  const attentionBias = input(inputs, 'attentionBias').fill(-1e4);
  inputs['tokenTypeIds']?.fill(0);
  for (const { example, start } of places) {
    const tokens = example.inputIds.length;
    inputIds.set(example.inputIds, start);
    if (positionIds !== undefined) {
      for (let i = 0; i < tokens; i++) positionIds[start + i] = first + i;
    }
    if (sequencesPerRow === 1) {
      attentionBias.fill(0, start, start + tokens);
      continue;
    }
    const column = start % sequenceLength;
    for (let i = start; i < start + tokens; i++) {
      const from = i * sequenceLength + column;
      attentionBias.fill(0, from, from + tokens);
    }
  }
}

function fillPredictions(inputs: MicroBatchInputs, places: readonly Place[], weight: number): void {
  const predictionRows = input(inputs, 'predictionRows').fill(0);
  const labels = input(inputs, 'labels').fill(0);
  const labelWeights = input(inputs, 'labelWeights').fill(0);
  let slot = 0;
  for (const { example, start } of places) {
    labels.set(example.labels, slot);
    labelWeights.fill(weight, slot, slot + example.positions.length);
    for (const position of example.positions) predictionRows[slot++] = start + position;
  }
}

function fillPooling(
  inputs: MicroBatchInputs,
  places: readonly Place[],
  { sequenceLength }: MicroBatchShape,
): void {
  const poolingWeights = input(inputs, 'poolingWeights').fill(0);
  for (const { example, start, sequence } of places) {
    const { length } = example.inputIds;
    const from = sequence * sequenceLength + (start % sequenceLength);
    poolingWeights.fill(1 / length, from, from + length);
  }
}

function fillCategories(inputs: MicroBatchInputs, places: readonly Place[], weight: number): void {
  const categories = input(inputs, 'categories').fill(0);
  const categoryWeights = input(inputs, 'categoryWeights').fill(0);
  for (const { example, sequence } of places) {
    categories[sequence] = example.category;
    categoryWeights[sequence] = weight * example.categoryWeight;
  }
}

function fillEmbeddingGradient(
  inputs: MicroBatchInputs,
  places: readonly Place[],
  gradient: Float32Array,
  width: number,
): void {
  const target = input(inputs, 'embeddingGradient').fill(0);
  for (const { example, sequence } of places) {
    const { row } = example;
    if (row < 0) continue;
    target.set(gradient.subarray(row * width, (row + 1) * width), sequence * width);
  }
}

function input(inputs: MicroBatchInputs, name: string): Float32Array | Int32Array {
  const view = inputs[name];
  if (view === undefined) throw new RangeError(`The graph has no input ${name}.`);
  return view;
}
