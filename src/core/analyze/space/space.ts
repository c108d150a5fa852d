/** An embedding space as every measure reads it: vectors of length 1, and the category of each note. */
import { failure } from '../../base/errors.js';

export type Vectors = Float32Array | Float64Array;

export interface Space {
  readonly count: number;
  readonly dimension: number;
  /** [count, dimension], of length 1; a vector of zeros stays. */
  readonly vectors: Vectors;
  /** [count]: index into `names`, -1 for none. */
  readonly categories: Int32Array;
  readonly names: readonly string[];
}

/**
 * Categories are sorted by name. Vectors are scaled in a copy, of their own precision.
 *
 * @param vectors [notes, dimension]
 * @throws a failure for a number that is not finite: no measure could be trusted
 */
export function createSpace(
  vectors: Vectors,
  dimension: number,
  categories: readonly (string | null)[],
): Space {
  const count = categories.length;
  if (vectors.length !== count * dimension) {
    throw new RangeError('vectors must be [notes, dimension]');
  }
  const names = [...new Set(categories.filter((name) => name !== null))].sort();
  const indexOf = new Map(names.map((name, index) => [name, index]));
  return {
    count,
    dimension,
    vectors: unitVectors(vectors, dimension),
    categories: Int32Array.from(categories, (name) =>
      name === null ? -1 : (indexOf.get(name) ?? -1),
    ),
    names,
  };
}

function unitVectors(vectors: Vectors, dimension: number): Vectors {
  const units = vectors.slice();
  for (let from = 0; from < units.length; from += dimension) {
    let square = 0;
    for (let i = from; i < from + dimension; i++) square += units[i]! * units[i]!;
    if (!Number.isFinite(square)) {
      throw failure(
        'The model gave a vector with numbers that are not finite: check the model, or choose another.',
      );
    }
    const length = Math.sqrt(square);
    if (length === 0) continue;
    for (let i = from; i < from + dimension; i++) units[i]! /= length;
  }
  return units;
}
