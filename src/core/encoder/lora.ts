/**
 * Low-rank adaptation (Hu et al., "LoRA", 2021): a matrix W stays as it is, and alpha / rank x B A is
 * learned beside it. B starts at 0, so that training starts from the model as it was.
 */
import type { EncoderConfig } from './config.js';
import { layerPrefix } from './parameters.js';
import type { ParameterSpec } from './parameters.js';

export const loraModules = [
  'query',
  'key',
  'value',
  'attention.output',
  'intermediate',
  'output',
] as const;
export type LoraModule = (typeof loraModules)[number];

export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly modules: readonly LoraModule[];
}

const pathInLayer: Readonly<Record<LoraModule, string>> = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  'attention.output': 'attention.output.dense',
  intermediate: 'intermediate.dense',
  output: 'output.dense',
};

/** Name of a linear map of layer `index`, without `.weight`. */
export function moduleName(config: EncoderConfig, index: number, module: LoraModule): string {
  return `${layerPrefix(config, index)}.${pathInLayer[module]}`;
}

/** Names of the two factors, as in peft's state dict: A is [rank, in] and B [out, rank]. */
export function factorNames(module: string): { readonly a: string; readonly b: string } {
  return { a: `${module}.lora_A.weight`, b: `${module}.lora_B.weight` };
}

/** What is learned. Both factors decay, since they are matrices. */
export function loraSpecs(config: EncoderConfig, settings: LoraSettings): ParameterSpec[] {
  return adaptedModules(config, settings).flatMap(({ name, outputs, inputs }) => {
    const { a, b } = factorNames(name);
    const shared = { decay: true, part: 'lora' } as const;
    return [
      { ...shared, name: a, shape: [settings.rank, inputs], initial: 'uniform' },
      { ...shared, name: b, shape: [outputs, settings.rank], initial: 'zeros' },
    ];
  });
}

/**
 * The parameters of a plain model that computes the same: W + alpha / rank x B A in place of W, and
 * no factors. What is not adapted is shared with `parameters`.
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
  for (const { name, inputs } of adaptedModules(config, settings)) {
    const factors = factorNames(name);
    const [a, b] = [take(factors.a), take(factors.b)];
    merged.set(`${name}.weight`, withProduct(take(`${name}.weight`), b, a, inputs, settings));
    merged.delete(factors.a);
    merged.delete(factors.b);
  }
  return merged;
}

/** weight + alpha / rank x b a, rounded once. */
function withProduct(
  weight: Float32Array,
  b: Float32Array,
  a: Float32Array,
  inputs: number,
  { rank, alpha }: LoraSettings,
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

interface AdaptedModule {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
}

/** In an order of their own, whatever the order of the settings. */
function adaptedModules(config: EncoderConfig, { modules }: LoraSettings): AdaptedModule[] {
  const { hiddenSize, intermediateSize } = config;
  return Array.from({ length: config.hiddenLayers }, (_, index) =>
    loraModules
      .filter((module) => modules.includes(module))
      .map((module) => ({
        name: moduleName(config, index, module),
        outputs: module === 'intermediate' ? intermediateSize : hiddenSize,
        inputs: module === 'output' ? intermediateSize : hiddenSize,
      })),
  ).flat();
}
