/** Columns shifted and scaled to mean 0 and variance 1, as scikit-learn's StandardScaler. */
import { rowCount } from './featureMatrix.js';

export interface Scaling {
  readonly means: Float64Array;
  /** Standard deviations; 1 for a column that does not vary. */
  readonly deviations: Float64Array;
}

/** @param values [rows, columns], of the training part alone */
export function fitScaling(values: Float32Array, columns: number): Scaling {
  const rows = rowCount(values, columns);
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) means[i % columns]! += values[i]! / rows;
  for (let i = 0; i < values.length; i++) {
    squares[i % columns]! += (values[i]! - means[i % columns]!) ** 2 / rows;
  }
  // As scikit-learn: a variance that rounding of the mean explains is none.
  const deviations = squares.map((variance, column) => {
    const explained =
      rows * Number.EPSILON * variance + (rows * means[column]! * Number.EPSILON) ** 2;
    return variance <= explained ? 1 : Math.sqrt(variance);
  });
  return { means, deviations };
}

/** @returns [rows, columns] */
export function scaled({ means, deviations }: Scaling, values: Float32Array): Float32Array {
  const columns = means.length;
  return values.map((value, i) => (value - means[i % columns]!) / deviations[i % columns]!);
}
