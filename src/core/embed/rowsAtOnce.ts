import { attendedTokens } from '../encoder/attentionSpan.js';
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/declarations.js';

/** Well under a second at 50 GFLOP/s, the speed of two slow cores. */
const operationsAtOnce = 30e9;
/** Limits the memory of a batch: hidden states, and scores of a tile of queries over all keys. */
const tokensAtOnce = 8192;

/**
 * Sequences of `length` tokens to embed at once, at least one: by the operations of the matrices,
 * which grow with the tokens, and of attention, which grow with the pairs that attend.
 */
export function rowsAtOnce(config: EncoderConfig): (length: number) => number {
  const weights = parameterSpecs(config, { mlmHead: false })
    .filter(({ use }) => use === 'matrix')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return (length) => {
    // Scores and context, each a product over the hidden size.
    const attention = 4 * config.hiddenSize * attendedTokens(config, length);
    const operations = length * (2 * weights + attention);
    const rows = Math.min(operationsAtOnce / operations, tokensAtOnce / length);
    return Math.max(1, Math.floor(rows));
  };
}
