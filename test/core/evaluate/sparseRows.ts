import type { SparseRows } from '../../../src/core/evaluate/logistic/featureMatrix.js';

/** The values of dense rows that are not 0. */
export function sparseRows(values: readonly number[], columns: number): SparseRows {
  const rows = values.length / columns;
  const entries = values.flatMap((value, i) => (value === 0 ? [] : [{ value, i }]));
  const before = (row: number): number => entries.filter(({ i }) => i < row * columns).length;
  return {
    rows,
    columns,
    starts: Int32Array.from({ length: rows + 1 }, (_, row) => before(row)),
    indices: Int32Array.from(entries, ({ i }) => i % columns),
    values: Float64Array.from(entries, ({ value }) => value),
  };
}
