/**
 * How a model turns the hidden states of a text's tokens into one vector, by the names of
 * sentence-transformers.
 */

export interface PoolingEntry {
  /** Within a sentence: "pooled by the mean over its tokens". */
  readonly label: string;
  /** Name of the flag in `1_Pooling/config.json` of sentence-transformers before version 5.3. */
  readonly flag: string;
  /** Whether version 2.0 did not have it. */
  readonly isLate: boolean;
}

/** In the order in which sentence-transformers joins several. */
export const poolings = {
  cls: { label: 'its first token (CLS)', flag: 'pooling_mode_cls_token', isLate: false },
  max: { label: 'the maximum over its tokens', flag: 'pooling_mode_max_tokens', isLate: false },
  mean: { label: 'the mean over its tokens', flag: 'pooling_mode_mean_tokens', isLate: false },
  mean_sqrt_len_tokens: {
    label: 'the sum over its tokens divided by the square root of their number',
    flag: 'pooling_mode_mean_sqrt_len_tokens',
    isLate: false,
  },
  weightedmean: {
    label: 'the mean over its tokens, weighted by position',
    flag: 'pooling_mode_weightedmean_tokens',
    isLate: true,
  },
  lasttoken: { label: 'its last token', flag: 'pooling_mode_lasttoken', isLate: true },
} as const satisfies Readonly<Record<string, PoolingEntry>>;

export type PoolingName = keyof typeof poolings;
export const poolingNames = Object.keys(poolings) as PoolingName[];

/** "its first token (CLS) and the mean over its tokens" */
export function poolingLabel(names: readonly PoolingName[]): string {
  return names.map((name) => poolings[name].label).join(' and ');
}
