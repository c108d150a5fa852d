/** Smoothing, thinning and ranges of curves, shared by panels and reports. */

export interface Curve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Mean over a window centred on each value; ignores values that are not finite. */
export function smooth(values: ArrayLike<number>, radius: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    const finite = Number.isFinite(value);
    sums[i + 1] = (sums[i] ?? 0) + (finite ? value : 0);
    counts[i + 1] = (counts[i] ?? 0) + (finite ? 1 : 0);
  }
  return Float64Array.from(values, (_, i) => {
    const from = Math.max(0, i - radius);
    const to = Math.min(values.length, i + radius + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / ((counts[to] ?? 0) - (counts[from] ?? 0));
  });
}

/**
 * Smooths a curve with a window proportional to its length, so that all runs look equally smooth.
 */
export function smoothCurve({ x, y }: Curve): Curve & { readonly y: Float64Array } {
  return { x, y: smooth(y, Math.max(3, Math.round(y.length / 25))) };
}

/**
 * Divides the curve into at most `buckets` parts and keeps the lowest and highest value of each, so
 * that no spike is lost and a curve of any length draws quickly.
 */
export function thin(curve: Curve, buckets: number): Curve {
  const count = Math.min(curve.x.length, curve.y.length);
  if (count <= buckets * 2) return curve;
  const [x, y]: [number[], number[]] = [[], []];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * count) / buckets);
    const to = Math.floor(((bucket + 1) * count) / buckets);
    let [low, high] = [-1, -1];
    for (let i = from; i < to; i++) {
      const value = curve.y[i] ?? NaN;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < (curve.y[low] ?? 0)) low = i;
      if (high < 0 || value > (curve.y[high] ?? 0)) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      if (i < 0) continue;
      x.push(curve.x[i] ?? NaN);
      y.push(curve.y[i] ?? NaN);
    }
  }
  return { x, y };
}

/** Lowest and highest of the finite values, between two quantiles; `null` if there are none. */
export function range(
  values: ArrayLike<number>,
  quantiles: readonly [number, number] = [0, 1],
): [number, number] | null {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const at = (q: number): number => sorted[Math.round(q * (sorted.length - 1))] ?? 0;
  return [at(quantiles[0]), at(quantiles[1])];
}

export function union(
  ...ranges: readonly (readonly [number, number] | null)[]
): [number, number] | null {
  const known = ranges.filter((r) => r !== null);
  if (known.length === 0) return null;
  return [Math.min(...known.map((r) => r[0])), Math.max(...known.map((r) => r[1]))];
}
