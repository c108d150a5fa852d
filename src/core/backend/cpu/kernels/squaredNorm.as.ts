// AssemblyScript, compiled by scripts/buildKernels.mjs.

/** Sum of squares of `count` float32 values, in float64. */
export function squaredNorm(values: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
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
  const sums = f64x2.add(low, high);
  let total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; at < bytes; at += 4) {
    const value = f64(load<f32>(values + at));
    total += value * value;
  }
  return total;
}
