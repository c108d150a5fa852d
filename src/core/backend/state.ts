/**
 * Layout of parameters and optimizer state; identical on every device, so that checkpoints are
 * portable.
 */
import type { ParameterSpec } from '../encoder/parameters.js';

/** Adjacent parameters with the same weight decay and factor for the learning rate. */
export interface StateRegion {
  readonly decay: boolean;
  readonly rateFactor: number;
  /** Number of values, padding included. */
  readonly length: number;
  readonly members: readonly { readonly spec: ParameterSpec; readonly offset: number }[];
}

/** Values per cache line: each parameter starts on one. The gaps hold zeros and stay zero. */
const alignment = 16;

export function elementsOf({ shape }: ParameterSpec): number {
  return shape.reduce((a, b) => a * b, 1);
}

export const paddedLength = (spec: ParameterSpec): number =>
  Math.ceil(elementsOf(spec) / alignment) * alignment;

export function stateRegions(trained: readonly ParameterSpec[]): StateRegion[] {
  const rateFactorOf = ({ rateFactor = 1 }: ParameterSpec): number => rateFactor;
  const factors = [...new Set([1, ...trained.map(rateFactorOf)])];
  const kinds = factors.flatMap((rateFactor) =>
    [true, false].map((decay) => ({ rateFactor, decay })),
  );
  return kinds.map(({ rateFactor, decay }) => {
    let length = 0;
    const members = trained
      .filter((spec) => spec.decay === decay && rateFactorOf(spec) === rateFactor)
      .map((spec) => {
        const offset = length;
        length += paddedLength(spec);
        return { spec, offset };
      });
    return { decay, rateFactor, length, members };
  });
}

/** Size of values, gradients and two moments. */
export function stateBytes(trained: readonly ParameterSpec[]): number {
  return trained.reduce((sum, spec) => sum + 4 * 4 * paddedLength(spec), 0);
}

/** State saved in a checkpoint: each region's values and two moments. */
export interface RegionState {
  readonly values: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
}

/**
 * @param regions each as one or more parts, in order; joined, the sections are the same however a
 * region is cut
 */
export function stateSections(regions: readonly (readonly RegionState[])[]): Float32Array[] {
  return regions.flatMap((parts) => [
    ...parts.map(({ values }) => values),
    ...parts.map(({ moment1 }) => moment1),
    ...parts.map(({ moment2 }) => moment2),
  ]);
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
