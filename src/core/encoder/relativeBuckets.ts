/**
 * Buckets of the distances from -`farthest` to `farthest` of a key from its query, as T5 numbers
 * them (Raffel et al., 2020): half of the buckets for each direction, later keys in the upper half;
 * of these, half for one distance each and half for distances that grow geometrically.
 *
 * Computed in float32, as transformers does: rounding decides where a bucket begins.
 *
 * @param buckets a multiple of 4
 */
export function relativeBuckets(buckets: number, farthest: number): number[] {
  const half = buckets / 2;
  const exact = half / 2;
  const bucketOf = (distance: number): number => {
    if (distance < exact) return distance;
    const ratio = Math.fround(Math.log(distance / exact));
    const share = Math.fround(ratio / Math.fround(Math.log(farthest / exact)));
    return Math.min(half - 1, exact + Math.trunc(Math.fround(share * (half - exact))));
  };
  return Array.from({ length: 2 * farthest + 1 }, (_, i) => {
    const distance = i - farthest;
    return (distance > 0 ? half : 0) + bucketOf(Math.abs(distance));
  });
}
