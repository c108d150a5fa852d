import type { EncoderConfig } from './config.js';
import { parameterSpecs } from './declarations.js';
import type { LoraSettings } from './lora.js';
import { factorsOf } from './loraFactors.js';

/**
 * Merges the factors into an equivalent plain model: W + alpha / rank x B A replaces W. Unadapted
 * parameters are shared with `parameters`, not copied.
 */
export function mergeLora(
  config: EncoderConfig,
  parameters: ReadonlyMap<string, Float32Array>,
  settings: LoraSettings,
): Map<string, Float32Array> {
  const merged = new Map(parameters);
  const take = (name: string): Float32Array => {
    const values = merged.get(name);
    if (values === undefined) throw new Error(`there is no parameter "${name}" to merge`);
    return values;
  };
  for (const spec of parameterSpecs(config, { mlmHead: false })) {
    const factors = factorsOf(spec, settings);
    if (factors === null) continue;
    const [a, b] = [take(factors.a.name), take(factors.b.name)];
    merged.set(spec.name, addProduct(take(spec.name), b, a, spec.shape.at(-1)!, settings));
    merged.delete(factors.a.name);
    merged.delete(factors.b.name);
  }
  return merged;
}

/** weight + alpha / rank x b a, rounded once; rows of weight and a are of `inputs` values. */
export function addProduct(
  weight: Float32Array,
  b: Float32Array,
  a: Float32Array,
  inputs: number,
  { rank, alpha }: Pick<LoraSettings, 'rank' | 'alpha'>,
): Float32Array {
  const merged = new Float32Array(weight.length);
  const row = new Float64Array(inputs);
  for (let out = 0; out < weight.length / inputs; out++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = (alpha / rank) * b[out * rank + r]!;
      for (let i = 0; i < inputs; i++) row[i]! += factor * a[r * inputs + i]!;
    }
    for (let i = 0; i < inputs; i++) merged[out * inputs + i] = weight[out * inputs + i]! + row[i]!;
  }
  return merged;
}
