/**
 * Parameters, gradients and the two AdamW moments, float32, in one kernel memory. ONNX Runtime
 * reads the parameters and accumulates the gradients in place; the optimizer updates them in place.
 * Frozen parameters have no gradients or moments, and stay in their original arrays.
 */
import type { ParameterSpec } from '../../encoder/parameters.js';
import { elementsOf, initialValues, stateBytes, stateRegions } from '../state.js';
import type { RegionState } from '../state.js';
import { createKernelMemory } from './kernels/memory.js';
import type { KernelMemory } from './kernels/memory.js';

export interface StoredParameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** `null`: frozen. */
  readonly gradient: Float32Array | null;
}

export type StoredParameters = ReadonlyMap<string, StoredParameter>;

/** Adjacent parameters with the same weight decay; [length] each. */
export interface OptimizerRegion extends RegionState {
  readonly decay: boolean;
  readonly gradients: Float32Array;
}

export interface ParameterMemory {
  readonly memory: KernelMemory;
  readonly parameters: StoredParameters;
  readonly regions: readonly OptimizerRegion[];
}

/**
 * @param isTrained whether a parameter of `specs` is trained or frozen
 * @param bufferBytes size of the batch buffers, in the same memory
 */
export function createParameterMemory(
  specs: readonly ParameterSpec[],
  isTrained: (spec: ParameterSpec) => boolean,
  initial: ReadonlyMap<string, Float32Array>,
  bufferBytes: number,
): ParameterMemory {
  const trained = specs.filter(isTrained);
  const memory = createKernelMemory(stateBytes(trained) + bufferBytes);
  const parameters = new Map<string, StoredParameter>();
  for (const spec of specs.filter((each) => !isTrained(each))) {
    const { name, shape } = spec;
    parameters.set(name, { shape, values: initialValues(spec, initial), gradient: null });
  }
  const regions = stateRegions(trained).map(({ decay, length, members }): OptimizerRegion => {
    const region = {
      decay,
      values: memory.floats(length),
      gradients: memory.floats(length),
      moment1: memory.floats(length),
      moment2: memory.floats(length),
    };
    for (const { spec, offset } of members) {
      const end = offset + elementsOf(spec);
      const values = region.values.subarray(offset, end);
      values.set(initialValues(spec, initial));
      const gradient = region.gradients.subarray(offset, end);
      parameters.set(spec.name, { shape: spec.shape, values, gradient });
    }
    return region;
  });
  return { memory, parameters, regions };
}

/** Whether every trained value is a finite number. */
export function isSound({ memory, regions }: ParameterMemory): boolean {
  return regions.every(({ values }) =>
    Number.isFinite(memory.kernels.squaredNorm(values.byteOffset, values.length)),
  );
}
