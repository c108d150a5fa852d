/** Reference losses of test/golden/contrastive, and what it means to agree with them. */
import { expect } from 'vitest';
import file from '../../golden/contrastive/contrastive.json' with { type: 'json' };
import { unpack } from './golden.js';
import { distance, norm } from './trainingHarness.js';

export { unpack };

export const { ntXent, supCon, category } = file;

export function expectLoss(loss: number, reference: number): void {
  expect(Math.abs(loss - reference)).toBeLessThanOrEqual(1e-5 * reference);
}

/** 1e-4 of the norm, over all inputs of a loss; a gradient of 0 is 0 exactly. */
export function expectGradient(
  gradient: readonly Float32Array[],
  reference: readonly Float32Array[],
): void {
  const size = Math.hypot(...reference.map(norm));
  const error = Math.hypot(...gradient.map((part, i) => distance(part, reference[i]!)));
  expect(error).toBeLessThanOrEqual(1e-4 * size);
}

/** `rows` rows of `width`, of which `values` are the first and `filling` makes the others. */
export function padded(
  values: Float32Array,
  rows: number,
  width: number,
  filling: (i: number) => number,
): Float32Array {
  return Float32Array.from({ length: rows * width }, (_, i) => values[i] ?? filling(i));
}
