/** Which position a token has. */
import type { EncoderConfig } from './config.js';
import { familyOf } from './familyOf.js';

/** Position of a sequence's first token. */
export function firstPosition(config: EncoderConfig): number {
  const padding = paddingPosition(config);
  return padding === null ? 0 : padding + 1;
}

/** Row of the position table that padding has to itself; `null` where it has none. */
export function paddingPosition(config: EncoderConfig): number | null {
  return familyOf(config).paddingPosition(config);
}

/**
 * Longest sequence that the model takes, special tokens included. RoBERTa counts positions from its
 * padding index + 1, so that 514 positions are 512 tokens.
 */
export function longestSequence(config: EncoderConfig): number {
  return config.maxPositionEmbeddings - firstPosition(config);
}
