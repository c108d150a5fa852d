/** What resamples say: percentile intervals, and two-sided p-values of differences. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The middle 95 % of the values, by linear interpolation as `numpy.percentile`; NaN is left out. `null` if no value is
 * defined.
 */
export function percentileInterval(values: Float64Array, confidence = 0.95): Interval | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
    return low + (high - low) * (place - below);
  };
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** Of two models on the same resamples. */
export interface Contrast {
  readonly difference: { readonly mean: number } & Interval;
  /** Of no difference, two-sided. */
  readonly p: number;
}

/**
 * Paired bootstrap: the p-value is twice the share of resamples on the rarer side of no difference, so that it agrees
 * with the interval; one is added to both counts, since a p-value of a sample is never 0 (Davison and Hinkley,
 * "Bootstrap Methods and their Application", 1997, section 4.2).
 *
 * @param observed the difference a - b on the whole test set
 * @param a a figure in each resample
 * @param b the same figure of another model in the same resamples
 */
export function contrast(observed: number, a: Float64Array, b: Float64Array): Contrast {
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(`${a.length} and ${b.length} values do not belong to the same resamples`);
  }
  const differences = a.map((value, i) => value - b[i]!);
  const interval = percentileInterval(differences);
  if (interval === null) throw new RangeError('no difference is defined');
  let [notAbove, notBelow] = [0, 0];
  for (const difference of differences) {
    if (difference <= 0) notAbove++;
    if (difference >= 0) notBelow++;
  }
  const p = Math.min(1, (2 * (1 + Math.min(notAbove, notBelow))) / (a.length + 1));
  return { difference: { mean: observed, ...interval }, p };
}

/**
 * p-values of several comparisons adjusted so that the chance of any false finding is kept (Holm, 1979), in the same
 * order; as `multipletests(method="holm")` of statsmodels.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length);
  let most = 0;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, (values.length - rank) * values[index]!));
    adjusted[index] = most;
  });
  return adjusted;
}
