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
  /** X X' [rows, rows]; absent where the two products take less than one with it. */
  readonly rowProducts?: () => Float64Array;
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
    ...(rows > 2 * columns
      ? {}
      : {
          rowProducts: () =>
            symmetric(rows, (a, b) => {
              let sum = 0;
              for (let i = 0; i < columns; i++) {
                sum += values[a * columns + i]! * values[b * columns + i]!;
              }
              return sum;
            }),
        }),
  };
}

function symmetric(rows: number, product: (a: number, b: number) => number): Float64Array {
  const products = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      products[a * rows + b] = products[b * rows + a] = product(a, b);
    }
  }
  return products;
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
    ...(rows * rows > 2 * values.length + columns
      ? {}
      : {
          rowProducts() {
            const spread = new Float64Array(columns);
            let held = -1;
            const hold = (row: number, isHeld: boolean): void => {
              const end = starts[row + 1]!;
              for (let i = starts[row]!; i < end; i++)
                spread[indices[i]!] = isHeld ? values[i]! : 0;
            };
            return symmetric(rows, (a, b) => {
              if (held !== a) {
                if (held >= 0) hold(held, false);
                hold(a, true);
                held = a;
              }
              let sum = 0;
              const end = starts[b + 1]!;
              for (let i = starts[b]!; i < end; i++) sum += values[i]! * spread[indices[i]!]!;
              return sum;
            });
          },
        }),
  };
}
