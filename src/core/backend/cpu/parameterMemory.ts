/**
 * Parameters, gradients and the two AdamW moments, float32, in one kernel memory. ONNX Runtime reads
 * the parameters and accumulates the gradients in place; the optimizer updates them in place.
 * Frozen parameters have neither gradients nor moments and stay where they were.
 */
import type { ParameterSpec } from '../../encoder/parameters.js';
import { allocatedBytes, createKernelMemory } from './kernels/memory.js';
import type { KernelMemory } from './kernels/memory.js';

export interface HeldParameter {
  readonly spec: ParameterSpec;
  readonly values: Float32Array;
  /** `null`: frozen. */
  readonly gradient: Float32Array | null;
}

export type HeldParameters = ReadonlyMap<string, HeldParameter>;

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
  readonly parameters: HeldParameters;
  readonly regions: readonly OptimizerRegion[];
}

/** Parameters start on cache lines; the gaps between them hold zeros and stay zero. */
const paddedLength = (count: number): number => allocatedBytes(count) / 4;

export function elementsOf({ shape }: ParameterSpec): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Bytes of the trained parameters' part: 16 a parameter, and gaps. */
export function parameterMemoryBytes(trained: readonly ParameterSpec[]): number {
  return trained.reduce((sum, spec) => sum + 4 * allocatedBytes(elementsOf(spec)), 0);
}

/**
 * @param isTrained whether a parameter of `specs` is trained or frozen
 * @param bufferBytes what the batch buffers will take beside the parameters
 */
export function createParameterMemory(
  specs: readonly ParameterSpec[],
  isTrained: (spec: ParameterSpec) => boolean,
  initial: ReadonlyMap<string, Float32Array>,
  bufferBytes: number,
): ParameterMemory {
  const trained = specs.filter(isTrained);
  const memory = createKernelMemory(parameterMemoryBytes(trained) + bufferBytes);
  const parameters = new Map<string, HeldParameter>();
  for (const spec of specs.filter((each) => !isTrained(each))) {
    parameters.set(spec.name, { spec, values: initialValues(spec, initial), gradient: null });
  }
  const regions: OptimizerRegion[] = [];
  for (const decay of [true, false]) {
    const members = trained.filter((spec) => spec.decay === decay);
    const length = members.reduce((sum, spec) => sum + paddedLength(elementsOf(spec)), 0);
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
      const count = elementsOf(spec);
      const values = region.values.subarray(offset, offset + count);
      values.set(initialValues(spec, initial));
      const gradient = region.gradients.subarray(offset, offset + count);
      parameters.set(spec.name, { spec, values, gradient });
      offset += paddedLength(count);
    }
  }
  return { memory, parameters, regions };
}

/** Whether every trained value is a finite number. */
export function isSound({ memory, regions }: ParameterMemory): boolean {
  return regions.every(({ values }) =>
    Number.isFinite(memory.kernels.squaredNorm(values.byteOffset, values.length)),
  );
}

function initialValues(
  spec: ParameterSpec,
  initial: ReadonlyMap<string, Float32Array>,
): Float32Array {
  const values = initial.get(spec.name);
  if (values?.length !== elementsOf(spec)) {
    throw new RangeError(`The initial value of ${spec.name} is missing or has another size.`);
  }
  return values;
}
