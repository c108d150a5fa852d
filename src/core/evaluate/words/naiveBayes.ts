/** Multinomial naive Bayes on counts, as scikit-learn's MultinomialNB. */
import type { SparseRows } from '../logistic/featureMatrix.js';
import { softmaxRows } from '../logistic/linearLoss.js';

export interface NaiveBayes {
  readonly classes: number;
  /** [classes]: log share of the training notes; -Infinity for a class without any. */
  readonly logPriors: Float64Array;
  /** [columns, classes] */
  readonly logLikelihoods: Float64Array;
}

/** Added to every count. */
const smoothing = 1;

/** @param labels [rows], classes in [0, classes); some may be missing */
export function fitNaiveBayes(counts: SparseRows, labels: Int32Array, classes: number): NaiveBayes {
  const { rows, columns, starts, indices, values } = counts;
  const notes = new Float64Array(classes);
  const totals = new Float64Array(classes).fill(smoothing * columns);
  const logLikelihoods = new Float64Array(columns * classes).fill(smoothing);
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    notes[label]!++;
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      logLikelihoods[indices[i]! * classes + label]! += values[i]!;
      totals[label]! += values[i]!;
    }
  }
  for (let i = 0; i < logLikelihoods.length; i++) {
    logLikelihoods[i] = Math.log(logLikelihoods[i]!) - Math.log(totals[i % classes]!);
  }
  return { classes, logPriors: notes.map((count) => Math.log(count / rows)), logLikelihoods };
}

/** [rows, classes]: 0 for classes that the training labels lacked. */
export function bayesProbabilities(model: NaiveBayes, counts: SparseRows): Float64Array {
  const { classes, logPriors, logLikelihoods } = model;
  const { rows, starts, indices, values } = counts;
  const scores = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    own.set(logPriors);
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const at = indices[i]! * classes;
      for (let k = 0; k < classes; k++) own[k]! += values[i]! * logLikelihoods[at + k]!;
    }
  }
  softmaxRows(scores, classes);
  return scores;
}
