import { noFigures, prepareRun } from '../metrics/figures.js';
import { createTestSet } from '../metrics/testSet.js';
import type { LabelsPerDocument } from '../metrics/testSet.js';

/**
 * Macro-F1 over the classes that the documents have.
 *
 * @param actual `one`: the class of each document [documents]; `several`: 0 or 1 [documents, classes]
 * @param classes number of classes
 * @returns a function of probabilities [documents, classes]
 */
export function macroF1Of(
  labels: LabelsPerDocument,
  actual: Int32Array | Uint8Array,
  classes: number,
): (probabilities: Float64Array) => number {
  const test = createTestSet(labels, actual, classes);
  const all = new Int32Array(test.documents).fill(1);
  return (probabilities) => {
    const predicted = predictedOf(labels, probabilities, classes);
    const values = noFigures();
    prepareRun(test, { predicted, probabilities: null }, ['macroF1']).figures(
      all,
      test.documents,
      values,
    );
    return values.macroF1;
  };
}

/**
 * `one`: the likeliest class of each document, the first of equal ones [documents]; `several`: 1 for
 * each label that is likelier than its absence [documents, classes].
 */
export function predictedOf(
  labels: LabelsPerDocument,
  probabilities: Float64Array,
  classes: number,
): Int32Array | Uint8Array {
  if (labels === 'several') return Uint8Array.from(probabilities, (p) => (p > 0.5 ? 1 : 0));
  return Int32Array.from({ length: probabilities.length / classes }, (_, document) => {
    let likeliest = 0;
    for (let k = 1; k < classes; k++) {
      const start = document * classes;
      if (probabilities[start + k]! > probabilities[start + likeliest]!) likeliest = k;
    }
    return likeliest;
  });
}
