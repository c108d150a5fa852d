/** Token positions. */
import type { EncoderConfig } from './config.js';
import { familyOf } from './familyOf.js';

/** Position of a sequence's first token. */
export function firstPosition(config: EncoderConfig): number {
  const padding = paddingPosition(config);
  return padding === null ? 0 : padding + 1;
}

/** Row of the position table reserved for padding; `null` if there is none. */
export function paddingPosition(config: EncoderConfig): number | null {
  return familyOf(config).paddingPosition(config);
}

/**
 * Longest sequence that the model accepts, special tokens included. RoBERTa counts positions from
 * its padding index + 1, so 514 positions allow 512 tokens.
 */
export function longestSequence(config: EncoderConfig): number {
  return config.maxPositionEmbeddings - firstPosition(config);
}
