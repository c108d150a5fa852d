/**
 * Parameters, gradients and the two AdamW moments, float32, in one kernel memory. ONNX Runtime reads
 * the parameters and accumulates the gradients in place; the optimizer updates them in place.
 */
import type { ParameterSpec } from '../encoder/parameters.js';
import { allocatedBytes, createKernelMemory } from './kernels/memory.js';
import type { KernelMemory } from './kernels/memory.js';

export interface TrainedParameter {
  readonly spec: ParameterSpec;
  readonly values: Float32Array;
  readonly gradient: Float32Array;
}

/** A stretch of neighbouring parameters that share their weight decay; [length] each. */
export interface OptimizerRegion {
  readonly decay: boolean;
  readonly values: Float32Array;
  readonly gradients: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
}

export interface ParameterMemory {
  readonly memory: KernelMemory;
  readonly parameters: ReadonlyMap<string, TrainedParameter>;
  readonly regions: readonly OptimizerRegion[];
}

/** Parameters start on cache lines; the gaps between them hold zeros and stay zero. */
const paddedLength = (count: number): number => allocatedBytes(count) / 4;

const elements = (spec: ParameterSpec): number => spec.shape.reduce((a, b) => a * b, 1);

/** Bytes of the parameters' part: 16 a parameter, and gaps. */
export function parameterMemoryBytes(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + 4 * allocatedBytes(elements(spec)), 0);
}

/** @param bufferBytes what the batch buffers will take beside the parameters */
export function createParameterMemory(
  specs: readonly ParameterSpec[],
  initial: ReadonlyMap<string, Float32Array>,
  bufferBytes: number,
): ParameterMemory {
  const memory = createKernelMemory(parameterMemoryBytes(specs) + bufferBytes);
  const parameters = new Map<string, TrainedParameter>();
  const regions: OptimizerRegion[] = [];
  for (const decay of [true, false]) {
    const members = specs.filter((spec) => spec.decay === decay);
    const length = members.reduce((sum, spec) => sum + paddedLength(elements(spec)), 0);
    const region: OptimizerRegion = {
      decay,
      values: memory.floats(length),
      gradients: memory.floats(length),
      moment1: memory.floats(length),
      moment2: memory.floats(length),
    };
    regions.push(region);
    let offset = 0;
    for (const spec of members) {
      const count = elements(spec);
      const values = region.values.subarray(offset, offset + count);
      values.set(initialValues(spec.name, count, initial));
      const gradient = region.gradients.subarray(offset, offset + count);
      parameters.set(spec.name, { spec, values, gradient });
      offset += paddedLength(count);
    }
  }
  return { memory, parameters, regions };
}

function initialValues(
  name: string,
  count: number,
  initial: ReadonlyMap<string, Float32Array>,
): Float32Array {
  const values = initial.get(name);
  if (values?.length !== count) {
    throw new RangeError(`The initial value of ${name} is missing or has another size.`);
  }
  return values;
}
