/**
 * The rows that a linear model is fitted on, dense or sparse, behind the two products that a solver
 * needs. Coefficients and scores are row-major float64: [columns, outputs] and [rows, outputs].
 */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: number;
  /** scores [rows, outputs] = X coefficients [columns, outputs]; overwrites `scores`. */
  multiply(coefficients: Float64Array, outputs: number, scores: Float64Array): void | Promise<void>;
  /** gradient [columns, outputs] = X' residuals [rows, outputs]; overwrites `gradient`. */
  multiplyTransposed(
    residuals: Float64Array,
    outputs: number,
    gradient: Float64Array,
  ): void | Promise<void>;
}

/** A sparse matrix in compressed rows, columns ascending within a row. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1]: where each row begins in `indices` and `values`. */
  readonly starts: Int32Array;
  /** Column of each value. */
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** @param values [rows, columns]; sums are float64 */
export function denseMatrix(values: Float32Array | Float64Array, columns: number): FeatureMatrix {
  const rows = rowCount(values, columns);
  return {
    rows,
    columns,
    multiply: (coefficients, outputs, scores) =>
      multiplyRows({ values, columns, from: 0, to: rows }, coefficients, outputs, scores),
    multiplyTransposed(residuals, outputs, gradient) {
      gradient.fill(0);
      addTransposed({ values, columns, from: 0, to: rows }, residuals, outputs, gradient);
    },
  };
}

export function rowCount(values: ArrayLike<number>, columns: number): number {
  const rows = columns === 0 ? 0 : values.length / columns;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`${values.length} values are no rows of ${columns}`);
  }
  return rows;
}

/** Rows `from` to `to` of a dense matrix. */
export interface RowRange {
  readonly values: Float32Array | Float64Array;
  readonly columns: number;
  readonly from: number;
  readonly to: number;
}

/** Overwrites the rows of `scores` in the range. */
export function multiplyRows(
  { values, columns, from, to }: RowRange,
  coefficients: Float64Array,
  outputs: number,
  scores: Float64Array,
): void {
  scores.fill(0, from * outputs, to * outputs);
  for (let row = from; row < to; row++) {
    const out = row * outputs;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      const at = column * outputs;
      for (let k = 0; k < outputs; k++) scores[out + k]! += value * coefficients[at + k]!;
    }
  }
}

/** Adds X' residuals of the rows in the range to `gradient`. */
export function addTransposed(
  { values, columns, from, to }: RowRange,
  residuals: Float64Array,
  outputs: number,
  gradient: Float64Array,
): void {
  for (let row = from; row < to; row++) {
    const own = row * outputs;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      const at = column * outputs;
      for (let k = 0; k < outputs; k++) gradient[at + k]! += value * residuals[own + k]!;
    }
  }
}

export function sparseMatrix({
  rows,
  columns,
  starts,
  indices,
  values,
}: SparseRows): FeatureMatrix {
  return {
    rows,
    columns,
    multiply(coefficients, outputs, scores) {
      scores.fill(0);
      for (let row = 0; row < rows; row++) {
        const out = row * outputs;
        const end = starts[row + 1]!;
        for (let i = starts[row]!; i < end; i++) {
          const value = values[i]!;
          const at = indices[i]! * outputs;
          for (let k = 0; k < outputs; k++) scores[out + k]! += value * coefficients[at + k]!;
        }
      }
    },
    multiplyTransposed(residuals, outputs, gradient) {
      gradient.fill(0);
      for (let row = 0; row < rows; row++) {
        const own = row * outputs;
        const end = starts[row + 1]!;
        for (let i = starts[row]!; i < end; i++) {
          const value = values[i]!;
          const at = indices[i]! * outputs;
          for (let k = 0; k < outputs; k++) gradient[at + k]! += value * residuals[own + k]!;
        }
      }
    },
  };
}
