/**
 * The vectors of an index in memory, row by row: in float32, or, where memory is short, in int16 with a
 * scale a row, from which a cosine differs by some 0.000003.
 */

export interface VectorRows {
  readonly count: number;
  readonly dimension: number;
  readonly precision: 'float32' | 'int16';
  /** [dimension]: not to be written to. */
  at(row: number): Float32Array;
  set(row: number, vector: Float32Array): void;
}

const most = 32_767;

export function vectorRows(
  count: number,
  dimension: number,
  precision: VectorRows['precision'],
): VectorRows {
  if (precision === 'float32') {
    const values = new Float32Array(count * dimension);
    return {
      ...{ count, dimension, precision },
      at: (row) => values.subarray(row * dimension, (row + 1) * dimension),
      set: (row, vector) => values.set(vector, row * dimension),
    };
  }
  const values = new Int16Array(count * dimension);
  const scales = new Float64Array(count);
  return {
    ...{ count, dimension, precision },
    at(row) {
      const scale = scales[row]!;
      const vector = new Float32Array(dimension);
      const from = row * dimension;
      for (let k = 0; k < dimension; k++) vector[k] = values[from + k]! * scale;
      return vector;
    },
    set(row, vector) {
      let largest = 0;
      for (const value of vector) largest = Math.max(largest, Math.abs(value));
      const scale = (scales[row] = largest / most);
      const from = row * dimension;
      for (let k = 0; k < dimension; k++) {
        values[from + k] = scale === 0 ? 0 : Math.round(vector[k]! / scale);
      }
    },
  };
}

/** Float32 takes up to this share of the memory that the process may have. */
const shareOfMemory = 0.25;

/** @param memory bytes that the process may have; undefined: no limit */
export function precisionFor(
  rows: number,
  dimension: number,
  memory = Infinity,
): VectorRows['precision'] {
  return rows * dimension * 4 <= shareOfMemory * memory ? 'float32' : 'int16';
}
