/**
 * Sums of the vectors of each category. Means of the cosines of all pairs follow from them without any pair being
 * looked at: the sum over all pairs of two sets is the product of their sums.
 */
import type { Space } from './space.js';

export interface ClassSums {
  readonly classes: number;
  readonly dimension: number;
  /** [classes, dimension] */
  readonly sums: Float64Array;
  /** [classes]: sums of the weights. */
  readonly weights: Float64Array;
  /** [classes]: sums of squared weights times squared lengths: pairs of notes with themselves. */
  readonly selfProducts: Float64Array;
  /** [classes]: sums of squared weights. */
  readonly selfPairs: Float64Array;
  /** [classes]: sums of weights times squared lengths. */
  readonly squares: Float64Array;
}

/**
 * @param labels [notes]: the class of each, -1 for none
 * @param weights [notes]
 */
export function classSums(
  { vectors, dimension, count }: Pick<Space, 'vectors' | 'dimension' | 'count'>,
  labels: Int32Array,
  classes: number,
  weights: Int32Array,
): ClassSums {
  const sums = new Float64Array(classes * dimension);
  const [total, selfProducts, selfPairs, squares] = [0, 1, 2, 3].map(
    () => new Float64Array(classes),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let note = 0; note < count; note++) {
    const label = labels[note]!;
    const weight = weights[note]!;
    if (label < 0 || weight === 0) continue;
    const from = note * dimension;
    const into = label * dimension;
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      const value = vectors[from + i]!;
      sums[into + i]! += weight * value;
      square += value * value;
    }
    total[label]! += weight;
    selfProducts[label]! += weight * weight * square;
    selfPairs[label]! += weight * weight;
    squares[label]! += weight * square;
  }
  return { classes, dimension, sums, weights: total, selfProducts, selfPairs, squares };
}

/** Sum and number of the ordered pairs of notes of two classes, none of them of a note with itself. */
export function pairsOf(sums: ClassSums, a: number, b: number): readonly [number, number] {
  const { dimension, sums: values, weights } = sums;
  let product = 0;
  for (let i = 0; i < dimension; i++) {
    product += values[a * dimension + i]! * values[b * dimension + i]!;
  }
  const pairs = weights[a]! * weights[b]!;
  return a === b ? [product - sums.selfProducts[a]!, pairs - sums.selfPairs[a]!] : [product, pairs];
}
