/**
 * How the solver holds coefficients w [columns, outputs] with their unpenalised intercepts. Starting
 * from 0, w is always a combination X' a of the rows, so where there are fewer rows than columns the
 * solver works on a [rows, outputs] instead: the same iterates (w . w' = a . X w'), but the vectors
 * that it combines have the length of the rows and not that of a vocabulary of bigrams.
 */
import type { FeatureMatrix } from './featureMatrix.js';

/** The outputs' intercepts follow the coefficients in every vector. */
export interface CoefficientSpace {
  /** Length of a vector. */
  readonly length: number;
  /** Where the intercepts are. */
  readonly intercepts: number;
  /** w . w' without the intercepts. */
  dot(a: Float64Array, b: Float64Array): number;
  /**
   * Fills the gradient of loss + penalty / 2 |w|^2 except for the intercepts, and returns the largest
   * absolute value of its entries by w, or an estimate of it that is far above `tolerance`.
   *
   * @param residuals [rows, outputs]: derivatives of the loss by the scores
   */
  gradient(
    point: Float64Array,
    residuals: Float64Array,
    penalty: number,
    out: Float64Array,
    tolerance: number,
  ): Promise<number>;
  /** Fills `scores` [rows, outputs] with X w, without the intercepts. */
  scores(vector: Float64Array, scores: Float64Array): Promise<void>;
  /** w [columns, outputs] */
  coefficients(vector: Float64Array): Promise<Float64Array>;
}

export function coefficientSpace(features: FeatureMatrix, outputs: number): CoefficientSpace {
  return features.columns <= features.rows
    ? byColumns(features, outputs)
    : byRows(features, outputs);
}

function byColumns(features: FeatureMatrix, outputs: number): CoefficientSpace {
  const size = features.columns * outputs;
  return {
    length: size + outputs,
    intercepts: size,
    dot: (a, b) => dotOf(a, 0, b, 0, size),
    async gradient(point, residuals, penalty, out) {
      const own = out.subarray(0, size);
      await features.multiplyTransposed(residuals, outputs, own);
      for (let i = 0; i < size; i++) own[i]! += penalty * point[i]!;
      return largestOf(own);
    },
    async scores(vector, scores) {
      await features.multiply(vector.subarray(0, size), outputs, scores);
    },
    coefficients: (vector) => Promise.resolve(vector.slice(0, size)),
  };
}

/**
 * Vectors are a, the intercepts, and X X' a. With the products of the rows at hand, an iteration does
 * not go through the columns; the largest entry of the gradient is then estimated from its norm, and
 * worked out only where the estimate comes near the tolerance.
 */
function byRows(features: FeatureMatrix, outputs: number): CoefficientSpace {
  const size = features.rows * outputs;
  const products = size + outputs;
  const gradient = new Float64Array(features.columns * outputs);
  const rowProducts = features.rowProducts?.() ?? null;
  /** Largest entry by norm, when it was last worked out. */
  let ratio: number | null = null;
  return {
    length: products + size,
    intercepts: size,
    dot: (a, b) => dotOf(a, 0, b, products, size),
    async gradient(point, residuals, penalty, out, tolerance) {
      for (let i = 0; i < size; i++) out[i] = residuals[i]! + penalty * point[i]!;
      const own = out.subarray(0, size);
      if (rowProducts === null) {
        await features.multiplyTransposed(own, outputs, gradient);
        await features.multiply(gradient, outputs, out.subarray(products));
        return largestOf(gradient);
      }
      multiplySquare(rowProducts, own, outputs, out.subarray(products));
      const norm = Math.sqrt(Math.max(0, dotOf(out, 0, out, products, size)));
      if (ratio !== null && ratio * norm > farAbove * tolerance) return ratio * norm;
      await features.multiplyTransposed(own, outputs, gradient);
      const largest = largestOf(gradient);
      if (norm > 0) ratio = largest / norm;
      return largest;
    },
    scores(vector, scores) {
      scores.set(vector.subarray(products));
      return Promise.resolve();
    },
    async coefficients(vector) {
      const result = new Float64Array(features.columns * outputs);
      await features.multiplyTransposed(vector.subarray(0, size), outputs, result);
      return result;
    },
  };
}

/** An estimate beyond so many times the tolerance is not worked out. */
const farAbove = 4;

/** out [rows, outputs] = products [rows, rows] values [rows, outputs] */
function multiplySquare(
  products: Float64Array,
  values: Float64Array,
  outputs: number,
  out: Float64Array,
): void {
  const rows = values.length / outputs;
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const own = row * outputs;
    for (let column = 0; column < rows; column++) {
      const product = products[row * rows + column]!;
      const at = column * outputs;
      for (let k = 0; k < outputs; k++) out[own + k]! += product * values[at + k]!;
    }
  }
}

function dotOf(
  a: Float64Array,
  fromA: number,
  b: Float64Array,
  fromB: number,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[fromA + i]! * b[fromB + i]!;
  return sum;
}

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
