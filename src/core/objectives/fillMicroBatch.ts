/** Fills a micro-batch's inputs; unused places and slots are padding with weight 0. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import { firstPosition } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import { inputArray } from './loss.js';
import type { InputArrays, Loss, SequencePlace } from './loss.js';
import type { ExampleRow, MicroBatchShape } from './sampling/sampler.js';

export interface MicroBatchFilling {
  /** The losses that the graph has. */
  readonly losses: readonly Loss[];
  /** Factor for the weights of each loss's targets. */
  readonly scales: Readonly<Partial<Record<LossName, number>>>;
  /** Gradient of the step loss with respect to its embeddings [rows, hiddenSize]. */
  readonly embeddingGradient: Float32Array | null;
}

/**
 * Inputs of a micro-batch's graph, other than those of its losses, by name. A graph has only the
 * inputs that it uses.
 * N = batchSize * sequenceLength, S = batchSize * sequencesPerRow.
 *
 *     inputIds           int32 [N]     after masking
 *     positionIds        int32 [N]     from `firstPosition` in each sequence; where padded, one less but not below 0
 *     tokenTypeIds       int32 [N]     only if the encoder has token types
 *     attentionBias      float32 `attentionBiasShape`   0 where a token may attend, else -1e4
 *     poolingWeights     float32 [batchSize, sequencesPerRow, sequenceLength]   1 / tokens of the sequence
 *     embeddingGradient  float32 [S, hiddenSize]   of the step loss
 */
export function fillMicroBatch(
  inputs: InputArrays,
  rows: readonly ExampleRow[],
  shape: MicroBatchShape,
  config: EncoderConfig,
  { losses, scales, embeddingGradient }: MicroBatchFilling,
): void {
  const places = placesOf(rows, shape);
  fillTokens(inputs, places, shape, config);
  if ('poolingWeights' in inputs) fillPooling(inputs, places, shape);
  for (const loss of losses) loss.fill(inputs, places, scales[loss.name] ?? 0);
  if ('embeddingGradient' in inputs && embeddingGradient !== null) {
    fillEmbeddingGradient(inputs, places, embeddingGradient, config.hiddenSize);
  }
}

/**
 * Each sequence attends only to itself: a row of several has a bias for every pair of its tokens.
 */
export function attentionBiasShape({
  batchSize,
  sequenceLength,
  sequencesPerRow,
}: MicroBatchShape): number[] {
  return [batchSize, 1, sequencesPerRow === 1 ? 1 : sequenceLength, sequenceLength];
}

function placesOf(
  rows: readonly ExampleRow[],
  { sequenceLength, sequencesPerRow }: MicroBatchShape,
): SequencePlace[] {
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
  inputs: InputArrays,
  places: readonly SequencePlace[],
  { sequenceLength, sequencesPerRow }: MicroBatchShape,
  config: EncoderConfig,
): void {
  const first = firstPosition(config);
  const inputIds = inputArray(inputs, 'inputIds').fill(config.padTokenId);
  const positionIds = inputs['positionIds']?.fill(Math.max(0, first - 1));
  const attentionBias = inputArray(inputs, 'attentionBias').fill(-1e4);
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

function fillPooling(
  inputs: InputArrays,
  places: readonly SequencePlace[],
  { sequenceLength }: MicroBatchShape,
): void {
  const poolingWeights = inputArray(inputs, 'poolingWeights').fill(0);
  for (const { example, start, sequence } of places) {
    const { length } = example.inputIds;
    const from = sequence * sequenceLength + (start % sequenceLength);
    poolingWeights.fill(1 / length, from, from + length);
  }
}

function fillEmbeddingGradient(
  inputs: InputArrays,
  places: readonly SequencePlace[],
  gradient: Float32Array,
  width: number,
): void {
  const target = inputArray(inputs, 'embeddingGradient').fill(0);
  for (const { example, sequence } of places) {
    const { row } = example;
    if (row < 0) continue;
    target.set(gradient.subarray(row * width, (row + 1) * width), sequence * width);
  }
}
