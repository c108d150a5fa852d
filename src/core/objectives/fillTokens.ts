/** Fills the encoder's inputs for sequences in rows; see `fillMicroBatch`. */
import { firstPosition } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { MicroBatchShape } from './sampling/sampler.js';

/** Only those that the encoder reads. */
export interface TokenInputs {
  readonly inputIds: Float32Array | Int32Array;
  readonly positionIds: Float32Array | Int32Array | undefined;
  readonly tokenTypeIds: Float32Array | Int32Array | undefined;
  readonly attentionBias: Float32Array | Int32Array;
}

export interface PlacedSequence {
  readonly ids: Int32Array;
  /** Index of its first token, among batchSize * sequenceLength. */
  readonly start: number;
}

/** Added to the score of a token that may not be attended to. */
const masked = -1e4;

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

/** Each token attends to itself and to those before it in its sequence. */
export function causalBiasShape({ batchSize, sequenceLength }: MicroBatchShape): number[] {
  return [batchSize, 1, sequenceLength, sequenceLength];
}

/** @param isCausal whether the bias has `causalBiasShape`, else `attentionBiasShape` */
export function fillTokens(
  { inputIds, positionIds, tokenTypeIds, attentionBias }: TokenInputs,
  sequences: readonly PlacedSequence[],
  { sequenceLength, sequencesPerRow }: MicroBatchShape,
  config: EncoderConfig,
  isCausal = false,
): void {
  const first = firstPosition(config);
  inputIds.fill(config.padTokenId);
  positionIds?.fill(Math.max(0, first - 1));
  tokenTypeIds?.fill(0);
  attentionBias.fill(masked);
  for (const { ids, start } of sequences) {
    const tokens = ids.length;
    inputIds.set(ids, start);
    if (positionIds !== undefined) {
      for (let i = 0; i < tokens; i++) positionIds[start + i] = first + i;
    }
    if (sequencesPerRow === 1 && !isCausal) {
      attentionBias.fill(0, start, start + tokens);
      continue;
    }
    const column = start % sequenceLength;
    for (let i = 0; i < tokens; i++) {
      const from = (start + i) * sequenceLength + column;
      attentionBias.fill(0, from, from + (isCausal ? i + 1 : tokens));
    }
  }
}
