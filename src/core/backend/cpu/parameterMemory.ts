/**
 * Parameters, gradients and the two AdamW moments, float32, in one or more kernel memories. ONNX
 * Runtime reads the parameters and accumulates the gradients in place; the optimizer updates them in
 * place. Frozen parameters have no gradients or moments, and stay in their original arrays.
 */
import type { ParameterSpec } from '../../encoder/parameters.js';
import { elementsOf, initialValues } from '../state.js';
import type { RegionState } from '../state.js';
import { createKernelMemory } from './kernels/memory.js';
import type { KernelMemory } from './kernels/memory.js';
import type { MemoryPlan, PlannedPart } from './memoryPlan.js';

export interface StoredParameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** `null`: frozen. */
  readonly gradient: Float32Array | null;
}

export type StoredParameters = ReadonlyMap<string, StoredParameter>;

/** Adjacent parameters with the same weight decay and factor for the learning rate. */
export interface OptimizerRegion {
  readonly decay: boolean;
  readonly rateFactor: number;
  /** In order; more than one if the region spans several memories. */
  readonly parts: readonly StatePart[];
}

/** Parameters in one memory; [length] each. */
export interface StatePart extends RegionState {
  readonly memory: KernelMemory;
  readonly gradients: Float32Array;
}

export interface ParameterMemory {
  /** The memory of the batch buffers. */
  readonly memory: KernelMemory;
  /** The batch buffers. */
  readonly scratch: Float32Array;
  readonly parameters: StoredParameters;
  readonly regions: readonly OptimizerRegion[];
}

/**
 * @param plan places the trained parameters of `specs`; the others are frozen
 * @param bufferBytes size of the batch buffers, as in the plan
 */
export function createParameterMemory(
  specs: readonly ParameterSpec[],
  plan: MemoryPlan,
  initial: ReadonlyMap<string, Float32Array>,
  bufferBytes: number,
): ParameterMemory {
  const memories = plan.memories.map((bytes) => createKernelMemory(bytes));
  const memory = memories[0]!;
  const scratch = memory.floats(bufferBytes / 4);
  const parameters = new Map<string, StoredParameter>();

  function createPart({ memory: index, length, members }: PlannedPart): StatePart {
    const own = memories[index]!;
    const part = {
      memory: own,
      values: own.floats(length),
      gradients: own.floats(length),
      moment1: own.floats(length),
      moment2: own.floats(length),
    };
    for (const { spec, offset } of members) {
      const end = offset + elementsOf(spec);
      const values = part.values.subarray(offset, end);
      values.set(initialValues(spec, initial));
      const gradient = part.gradients.subarray(offset, end);
      parameters.set(spec.name, { shape: spec.shape, values, gradient });
    }
    return part;
  }

  const regions = plan.regions.map(({ decay, rateFactor, parts }) => ({
    decay,
    rateFactor,
    parts: parts.map(createPart),
  }));
  for (const spec of specs.filter(({ name }) => !parameters.has(name))) {
    const { name, shape } = spec;
    parameters.set(name, { shape, values: initialValues(spec, initial), gradient: null });
  }
  return { memory, scratch, parameters, regions };
}
