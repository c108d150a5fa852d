// AssemblyScript, compiled by scripts/buildKernels.mjs.

/**
 * One AdamW update of `count` float32 values, as in PyTorch: decoupled decay, bias correction,
 * epsilon outside the square root. `gradientScale` applies clipping in the same pass, which also
 * clears the gradient: by itself that would go through memory once more.
 *
 * @param stepSize learningRate / (1 - beta1^step)
 * @param root2 sqrt(1 - beta2^step)
 * @param keep 1 - learningRate * weightDecay
 */
export function adamW(
  parameter: usize,
  gradient: usize,
  moment1: usize,
  moment2: usize,
  count: i32,
  gradientScale: f32,
  beta1: f64,
  beta2: f64,
  stepSize: f64,
  root2: f64,
  epsilon: f64,
  keep: f64,
): void {
  const rate1 = f32(1.0 - beta1);
  const rate2 = f32(1.0 - beta2);
  const beta2s = f32(beta2);
  const root2s = f32(root2);
  const epsilons = f32(epsilon);
  const keeps = f32(keep);
  const minusStep = f32(-stepSize);

  const scale4 = f32x4.splat(gradientScale);
  const rate14 = f32x4.splat(rate1);
  const rate24 = f32x4.splat(rate2);
  const beta24 = f32x4.splat(beta2s);
  const root24 = f32x4.splat(root2s);
  const epsilon4 = f32x4.splat(epsilons);
  const keep4 = f32x4.splat(keeps);
  const minusStep4 = f32x4.splat(minusStep);

  const bytes = usize(count) << 2;
  const vectorBytes = bytes & ~usize(15);
  let at: usize = 0;
  for (; at < vectorBytes; at += 16) {
    const g = f32x4.mul(v128.load(gradient + at), scale4);
    const m0 = v128.load(moment1 + at);
    const m = f32x4.add(m0, f32x4.mul(f32x4.sub(g, m0), rate14));
    const v = f32x4.add(
      f32x4.mul(v128.load(moment2 + at), beta24),
      f32x4.mul(f32x4.mul(g, g), rate24),
    );
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v), root24), epsilon4);
    const p = f32x4.mul(v128.load(parameter + at), keep4);
    v128.store(gradient + at, f32x4.splat(0));
    v128.store(moment1 + at, m);
    v128.store(moment2 + at, v);
    v128.store(parameter + at, f32x4.add(p, f32x4.mul(minusStep4, f32x4.div(m, denominator))));
  }
  for (; at < bytes; at += 4) {
    const g = load<f32>(gradient + at) * gradientScale;
    const m0 = load<f32>(moment1 + at);
    const m = m0 + (g - m0) * rate1;
    const v = load<f32>(moment2 + at) * beta2s + g * g * rate2;
    const denominator = sqrt<f32>(v) / root2s + epsilons;
    store<f32>(gradient + at, 0);
    store<f32>(moment1 + at, m);
    store<f32>(moment2 + at, v);
    store<f32>(parameter + at, load<f32>(parameter + at) * keeps + minusStep * (m / denominator));
  }
}
