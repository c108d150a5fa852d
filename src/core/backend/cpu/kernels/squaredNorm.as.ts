// AssemblyScript, compiled by scripts/buildKernels.mjs.

/**
 * Sum of squares of `count` float32 values, in float64. Four squares are added in float32 first,
 * since widening each takes most of the time; what that rounds away is below 2^-22 of the sum.
 * Infinite where a value is beyond 1e19.
 *
 * @param sums four float64 running sums, updated, from which a later call continues; the values
 * after the last complete group of 16 are only in the result
 */
export function squaredNorm(values: usize, count: i32, sums: usize): f64 {
  let low = v128.load(sums);
  let high = v128.load(sums, 16);
  const bytes = usize(count) << 2;
  const groupBytes = bytes & ~usize(63);
  let at: usize = 0;
  for (; at < groupBytes; at += 64) {
    const a = v128.load(values + at);
    const b = v128.load(values + at, 16);
    const c = v128.load(values + at, 32);
    const d = v128.load(values + at, 48);
    const four = f32x4.add(
      f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b)),
      f32x4.add(f32x4.mul(c, c), f32x4.mul(d, d)),
    );
    low = f64x2.add(low, f64x2.promote_low_f32x4(four));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 0)));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; at < bytes; at += 4) {
    const value = f64(load<f32>(values + at));
    total += value * value;
  }
  return total;
}
