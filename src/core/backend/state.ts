/** How parameters and optimizer state are laid out: the same on every device, so that checkpoints are. */
import type { ParameterSpec } from '../encoder/parameters.js';

/** Parameters that share their weight decay, one behind the other. */
export interface StateRegion {
  readonly decay: boolean;
  /** Values, padding included. */
  readonly length: number;
  readonly members: readonly { readonly spec: ParameterSpec; readonly offset: number }[];
}

/** Values of a cache line: parameters start on one. The gaps between them hold zeros and stay zero. */
const alignment = 16;

export function elementsOf({ shape }: ParameterSpec): number {
  return shape.reduce((a, b) => a * b, 1);
}

const paddedLength = (spec: ParameterSpec): number =>
  Math.ceil(elementsOf(spec) / alignment) * alignment;

export function stateRegions(trained: readonly ParameterSpec[]): StateRegion[] {
  return [true, false].map((decay) => {
    let length = 0;
    const members = trained
      .filter((spec) => spec.decay === decay)
      .map((spec) => {
        const offset = length;
        length += paddedLength(spec);
        return { spec, offset };
      });
    return { decay, length, members };
  });
}

/** Of values, gradients and two moments. */
export function stateBytes(trained: readonly ParameterSpec[]): number {
  return trained.reduce((sum, spec) => sum + 4 * 4 * paddedLength(spec), 0);
}

/** What a checkpoint holds: of each region its values and two moments. */
export interface RegionState {
  readonly values: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
}

export function stateSections(regions: readonly RegionState[]): Float32Array[] {
  return regions.flatMap(({ values, moment1, moment2 }) => [values, moment1, moment2]);
}

export function initialValues(
  spec: ParameterSpec,
  initial: ReadonlyMap<string, Float32Array>,
): Float32Array {
  const values = initial.get(spec.name);
  if (values?.length !== elementsOf(spec)) {
    throw new RangeError(`The initial value of ${spec.name} is missing or has another size.`);
  }
  return values;
}
