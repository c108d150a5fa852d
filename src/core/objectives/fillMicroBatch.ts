/** Fills a micro-batch's inputs; unused places and slots are padding with weight 0. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import { trainingWeight } from '../encoder/pooling.js';
import type { TokenWeight } from '../encoder/pooling.js';
import type { EncoderConfig } from '../encoder/config.js';
import { fillTokens } from './fillTokens.js';
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
  /** The graph's; without it, the mean. */
  readonly tokenWeight?: TokenWeight | null;
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
 *     poolingWeights     float32 [batchSize, sequencesPerRow, sequenceLength]   of each token of a sequence, 0 elsewhere
 *     embeddingGradient  float32 [S, hiddenSize]   of the step loss
 */
export function fillMicroBatch(
  inputs: InputArrays,
  rows: readonly ExampleRow[],
  shape: MicroBatchShape,
  config: EncoderConfig,
  { losses, scales, embeddingGradient, tokenWeight }: MicroBatchFilling,
): void {
  const places = placesOf(rows, shape);
  const tokens = {
    inputIds: inputArray(inputs, 'inputIds'),
    positionIds: inputs['positionIds'],
    tokenTypeIds: inputs['tokenTypeIds'],
    attentionBias: inputArray(inputs, 'attentionBias'),
  };
  const sequences = places.map(({ example, start }) => ({ ids: example.inputIds, start }));
  fillTokens(tokens, sequences, shape, config);
  if ('poolingWeights' in inputs) fillPooling(inputs, places, shape, tokenWeight ?? meanWeight);
  for (const loss of losses) {
    loss.fill(inputs, places, scales[loss.name] ?? 0, shape);
  }
  if ('embeddingGradient' in inputs && embeddingGradient !== null) {
    fillEmbeddingGradient(inputs, places, embeddingGradient, config.hiddenSize);
  }
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

const meanWeight = trainingWeight(['mean']);

function fillPooling(
  inputs: InputArrays,
  places: readonly SequencePlace[],
  { sequenceLength }: MicroBatchShape,
  tokenWeight: TokenWeight,
): void {
  const poolingWeights = inputArray(inputs, 'poolingWeights').fill(0);
  for (const { example, start, sequence } of places) {
    const { length } = example.inputIds;
    const from = sequence * sequenceLength + (start % sequenceLength);
    for (let i = 0; i < length; i++) poolingWeights[from + i] = tokenWeight(i, length);
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
