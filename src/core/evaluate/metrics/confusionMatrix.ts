import type { TestSet } from './testSet.js';

/**
 * Number of documents of each class (rows) that were predicted to be of each class (columns), over all runs.
 *
 * @param test of one class for each document
 * @returns [classes, classes]
 */
export function confusionMatrix(
  { documents, classes, actual }: TestSet,
  runs: readonly (Int32Array | Uint8Array)[],
): Int32Array {
  const matrix = new Int32Array(classes * classes);
  for (const predicted of runs) {
    for (let i = 0; i < documents; i++) matrix[actual[i]! * classes + predicted[i]!]!++;
  }
  return matrix;
}
