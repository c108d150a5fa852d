// AssemblyScript, compiled by scripts/buildKernels.mjs.

/**
 * Sum of squares of `count` float32 values, in float64.
 *
 * @param sums four float64 running sums, updated, from which a later call continues; the values
 * after the last complete group of four are only in the result
 */
export function squaredNorm(values: usize, count: i32, sums: usize): f64 {
  let low = v128.load(sums);
  let high = v128.load(sums, 16);
  const bytes = usize(count) << 2;
  const vectorBytes = bytes & ~usize(15);
  let at: usize = 0;
  for (; at < vectorBytes; at += 16) {
    const value = v128.load(values + at);
    const a = f64x2.promote_low_f32x4(value);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
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
