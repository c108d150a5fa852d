/** The two factors of an adapted matrix. */
import type { LoraSettings } from './lora.js';
import type { ParameterSpec } from './parameters.js';

export interface LoraFactors {
  /** [rank, in] */
  readonly a: ParameterSpec;
  /** [out, rank] */
  readonly b: ParameterSpec;
}

/**
 * The factors trained for `weight`, named as in peft's state dict; `null` if the settings do not
 * adapt it. Weight decay applies to both, since they are matrices.
 */
export function factorsOf(
  { name, shape, layer, loraModules = [] }: ParameterSpec,
  settings: LoraSettings | null,
): LoraFactors | null {
  if (settings === null) return null;
  if (!loraModules.some((module) => settings.modules.includes(module))) return null;
  const [outputs, inputs] = shape as readonly [number, number];
  const module = name.replace(/\.weight$/, '');
  const shared = { use: 'matrix', decay: true, part: 'lora', layer } as const;
  return {
    a: {
      ...shared,
      name: `${module}.lora_A.weight`,
      shape: [settings.rank, inputs],
      initial: 'uniform',
    },
    b: {
      ...shared,
      name: `${module}.lora_B.weight`,
      shape: [outputs, settings.rank],
      initial: 'zeros',
    },
  };
}
