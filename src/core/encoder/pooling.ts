/**
 * From hidden states to one vector for each sequence. The poolings are those of
 * sentence-transformers (`Pooling`), all but one of them weighted sums over the tokens.
 */
import { usageError } from '../base/errors.js';
import { poolingLabel } from '../../protocol/catalogue/poolings.js';
import type { PoolingName } from '../../protocol/catalogue/poolings.js';

/** Weight of token `index` of a sequence of `length` tokens, special tokens included. */
export type TokenWeight = (index: number, length: number) => number;

/** `null`: not a weighted sum. */
const tokenWeights: Readonly<Record<PoolingName, TokenWeight | null>> = {
  cls: (index) => Number(index === 0),
  max: null,
  mean: (_index, length) => 1 / length,
  mean_sqrt_len_tokens: (_index, length) => 1 / Math.sqrt(length),
  weightedmean: (index, length) => (2 * (index + 1)) / (length * (length + 1)),
  lasttoken: (index, length) => Number(index === length - 1),
};

/** Whether a model pools by one weighted sum over the tokens, which is what training computes. */
export function poolsByWeights(poolings: readonly PoolingName[]): boolean {
  const [name, ...others] = poolings;
  return name !== undefined && others.length === 0 && tokenWeights[name] !== null;
}

/**
 * The weights by which training pools, as the model itself does; throws if that is not one weighted
 * sum over the tokens.
 */
export function trainingWeight(poolings: readonly PoolingName[]): TokenWeight {
  const [name, ...others] = poolings;
  const weight = name === undefined || others.length > 0 ? null : tokenWeights[name];
  if (weight !== null) return weight;
  throw usageError(
    `The model embeds a text as ${poolingLabel(poolings)}, which training cannot compare: choose the objective mlm, or a model that takes the mean or the first token.`,
  );
}
