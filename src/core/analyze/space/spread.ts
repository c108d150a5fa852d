/** How evenly vectors fill the space: isotropy and effective dimension. */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import type { Measure } from './bootstrap.js';
import type { Space } from './space.js';
import { symmetricEigen } from './symmetricEigen.js';

/** Notes between two looks at whether to stop. */
const notesAtOnce = 512;

/**
 * `isotropy`: the least over the greatest partition function along the eigenvectors of the second moments, in either
 * direction; 1 is a space that looks alike from everywhere (Mu and Viswanath, "All-but-the-top", ICLR 2018, section 2).
 *
 * `effectiveDimension`: the participation ratio of the covariance's eigenvalues, (sum)^2 / sum of squares: how many
 * directions vary about equally. Its interval is of first order: a note's part in both sums stays as it is among all
 * notes.
 */
export async function spreadMeasure(space: Space, signal?: AbortSignal): Promise<Measure> {
  const { vectors, dimension, count } = space;
  const mean = new Float64Array(dimension);
  for (let i = 0; i < vectors.length; i++) mean[i % dimension]! += vectors[i]! / count;
  const moments = await secondMoments(space, signal);
  const covariance = moments.map(
    (value, i) => value / count - mean[Math.floor(i / dimension)]! * mean[i % dimension]!,
  );
  const isotropy = partitionFunctions(space, symmetricEigen(moments, dimension).vectors);
  const [variances, products] = await varianceParts(space, mean, covariance, signal);
  const squares = covariance.reduce((sum, value) => sum + value * value, 0);
  const trace = variances.reduce((sum, value) => sum + value, 0) / count;
  const varies = count > 1 && trace > 1e-9;
  return (weights) => {
    let [total, variance, product] = [0, 0, 0];
    let [least, most] = [0, 0];
    for (let note = 0; note < count; note++) {
      const weight = weights[note]!;
      total += weight;
      variance += weight * variances[note]!;
      product += weight * products[note]!;
      least += weight * isotropy.least[note]!;
      most += weight * isotropy.most[note]!;
    }
    return {
      isotropy: count > 1 ? least / most : NaN,
      effectiveDimension: varies
        ? (variance / total) ** 2 / ((2 * product) / total - squares)
        : NaN,
    };
  };
}

/** Sum of the outer products of the vectors [dimension, dimension]. */
async function secondMoments(
  { vectors, dimension, count }: Space,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const moments = new Float64Array(dimension * dimension);
  for (let note = 0; note < count; note++) {
    if (note % notesAtOnce === 0) {
      throwIfAborted(signal);
      await setImmediate();
    }
    const own = vectors.subarray(note * dimension, (note + 1) * dimension);
    for (let i = 0; i < dimension; i++) {
      const factor = own[i]!;
      const row = i * dimension;
      for (let j = 0; j <= i; j++) moments[row + j]! += factor * own[j]!;
    }
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) moments[j * dimension + i] = moments[i * dimension + j]!;
  }
  return moments;
}

/** Each note's share of the smallest and of the largest partition function [notes]. */
function partitionFunctions(
  { vectors, dimension, count }: Space,
  directions: Float64Array,
): { readonly least: Float64Array; readonly most: Float64Array } {
  const sums = new Float64Array(2 * dimension);
  const along = new Float64Array(dimension);
  const project = (note: number): void => {
    along.fill(0);
    for (let i = 0; i < dimension; i++) {
      const value = vectors[note * dimension + i]!;
      const row = i * dimension;
      for (let k = 0; k < dimension; k++) along[k]! += value * directions[row + k]!;
    }
  };
  for (let note = 0; note < count; note++) {
    project(note);
    for (let k = 0; k < dimension; k++) {
      const grown = Math.exp(along[k]!);
      sums[2 * k]! += grown;
      sums[2 * k + 1]! += 1 / grown;
    }
  }
  let [lowest, highest] = [0, 0];
  for (let k = 0; k < sums.length; k++) {
    if (sums[k]! < sums[lowest]!) lowest = k;
    if (sums[k]! > sums[highest]!) highest = k;
  }
  const part = (which: number): Float64Array => {
    const direction = which >> 1;
    return Float64Array.from({ length: count }, (_, note) => {
      let product = 0;
      for (let i = 0; i < dimension; i++) {
        product += vectors[note * dimension + i]! * directions[i * dimension + direction]!;
      }
      return Math.exp(which % 2 === 0 ? product : -product);
    });
  };
  return { least: part(lowest), most: part(highest) };
}

/** Of each note, its squared distance from the mean, and that distance weighed by the covariance. */
async function varianceParts(
  { vectors, dimension, count }: Space,
  mean: Float64Array,
  covariance: Float64Array,
  signal: AbortSignal | undefined,
): Promise<readonly [Float64Array, Float64Array]> {
  const [variances, products] = [new Float64Array(count), new Float64Array(count)];
  const own = new Float64Array(dimension);
  for (let note = 0; note < count; note++) {
    if (note % notesAtOnce === 0) {
      throwIfAborted(signal);
      await setImmediate();
    }
    let variance = 0;
    for (let i = 0; i < dimension; i++) {
      own[i] = vectors[note * dimension + i]! - mean[i]!;
      variance += own[i]! * own[i]!;
    }
    let product = 0;
    for (let i = 0; i < dimension; i++) {
      let inner = 0;
      const row = i * dimension;
      for (let j = 0; j < i; j++) inner += covariance[row + j]! * own[j]!;
      product += own[i]! * (2 * inner + covariance[row + i]! * own[i]!);
    }
    variances[note] = variance;
    products[note] = product;
  }
  return [variances, products];
}
