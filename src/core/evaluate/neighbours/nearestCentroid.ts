/**
 * The class whose centroid is nearest by cosine; a centroid is the mean of its notes' unit vectors,
 * so that each note counts alike.
 */
import { unitRows } from './unitRows.js';

export interface Centroids {
  readonly columns: number;
  readonly classes: number;
  /** [classes, columns] of length 1; zeros for a class without notes. */
  readonly units: Float64Array;
  /** Classes that the training labels had. */
  readonly present: readonly boolean[];
}

/** @param values [rows, columns] */
export function fitCentroids(
  values: Float32Array,
  columns: number,
  labels: Int32Array,
  classes: number,
): Centroids {
  const rows = unitRows(values, columns);
  const sums = new Float64Array(classes * columns);
  const present = new Array<boolean>(classes).fill(false);
  labels.forEach((label, row) => {
    present[label] = true;
    for (let i = 0; i < columns; i++) sums[label * columns + i]! += rows[row * columns + i]!;
  });
  return { columns, classes, units: unitRows(sums, columns), present };
}

/** Cosines [rows, classes]; -Infinity for a class without training notes. Ties go to the first class. */
export function centroidScores(
  { columns, classes, units, present }: Centroids,
  values: Float32Array,
): Float64Array {
  const rows = unitRows(values, columns);
  const count = rows.length / columns;
  const scores = new Float64Array(count * classes).fill(-Infinity);
  for (let row = 0; row < count; row++) {
    for (let label = 0; label < classes; label++) {
      if (!present[label]!) continue;
      let dot = 0;
      for (let i = 0; i < columns; i++)
        dot += rows[row * columns + i]! * units[label * columns + i]!;
      scores[row * classes + label] = dot;
    }
  }
  return scores;
}
