/**
 * Initial word vectors from co-occurrence counts: singular vectors of the positive pointwise mutual
 * information matrix (Levy and Goldberg, 2014). Computed from the training texts; they spare the model the
 * slowest part of training.
 */
import type { Random } from '../../src/core/base/random.js';

interface SparseMatrix {
  readonly size: number;
  /** Start of each row in `columns` and `values`, [size + 1]. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

export interface WordVectorOptions {
  readonly vocabularySize: number;
  readonly dimension: number;
  /** Number of tokens on each side that count as context, weighted by 1 / distance. */
  readonly reach: number;
  /** Root mean square of an element. */
  readonly scale: number;
  readonly random: Random;
}

/** [vocabularySize, dimension]; a token that never occurs has a random vector. */
export function wordVectors(
  texts: readonly Int32Array[],
  options: WordVectorOptions,
): Float32Array {
  const { vocabularySize, dimension, scale, random } = options;
  const matrix = pointwiseMutualInformation(texts, vocabularySize, options.reach);
  const basis = dominantSubspace(matrix, dimension, random);
  const vectors = new Float32Array(vocabularySize * dimension);
  const norm = scale * Math.sqrt(dimension);
  for (let row = 0; row < vocabularySize; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let i = 0; i < dimension; i++) vector[i] = basis[i]![row]!;
    let length = Math.hypot(...vector);
    if (length < 1e-9) {
      for (let i = 0; i < dimension; i++) vector[i] = random.normal();
      length = Math.hypot(...vector);
    }
    for (let i = 0; i < dimension; i++) vector[i]! *= norm / length;
  }
  return vectors;
}

function pointwiseMutualInformation(
  texts: readonly Int32Array[],
  size: number,
  reach: number,
): SparseMatrix {
  const near = new Float32Array(size * size);
  for (const ids of texts) {
    for (let i = 0; i < ids.length; i++) {
      for (let j = i + 1; j <= Math.min(i + reach, ids.length - 1); j++) {
        const [a, b] = [ids[i]!, ids[j]!];
        const weight = 1 / (j - i);
        near[a * size + b]! += weight;
        near[b * size + a]! += weight;
      }
    }
  }
  const sums = new Float64Array(size);
  let filled = 0;
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const value = near[a * size + b]!;
      sums[a]! += value;
      if (value > 0) filled++;
    }
  }
  // Smoothed, since rare contexts would get too much weight.
  const smoothed = sums.map((sum) => sum ** 0.75);
  const total = smoothed.reduce((a, b) => a + b, 0);
  const starts = new Int32Array(size + 1);
  const columns = new Int32Array(filled);
  const values = new Float32Array(filled);
  let at = 0;
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const value = near[a * size + b]!;
      if (value === 0) continue;
      const information =
        0.5 *
        (Math.log((value * total) / (sums[a]! * smoothed[b]!)) +
          Math.log((value * total) / (sums[b]! * smoothed[a]!)));
      if (information <= 0) continue;
      columns[at] = b;
      values[at++] = information;
    }
    starts[a + 1] = at;
  }
  return { size, starts, columns, values };
}

/** An orthonormal basis, by subspace iteration (Halko, Martinsson and Tropp, 2011). */
function dominantSubspace(matrix: SparseMatrix, count: number, random: Random): Float64Array[] {
  let basis = Array.from({ length: count }, () =>
    Float64Array.from({ length: matrix.size }, () => random.normal()),
  );
  for (let iteration = 0; iteration < 8; iteration++) {
    basis = basis.map((vector) => product(matrix, vector));
    orthonormalise(basis);
  }
  return basis;
}

function product({ size, starts, columns, values }: SparseMatrix, vector: Float64Array) {
  const result = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let i = starts[row]!; i < starts[row + 1]!; i++) sum += values[i]! * vector[columns[i]!]!;
    result[row] = sum;
  }
  return result;
}

/** Gram-Schmidt, two passes per vector for numerical stability. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, i) => {
    for (const _pass of [1, 2]) {
      for (let j = 0; j < i; j++) {
        const other = vectors[j]!;
        let dot = 0;
        for (let k = 0; k < vector.length; k++) dot += vector[k]! * other[k]!;
        for (let k = 0; k < vector.length; k++) vector[k]! -= dot * other[k]!;
      }
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < vector.length; k++) vector[k]! /= length;
  });
}
