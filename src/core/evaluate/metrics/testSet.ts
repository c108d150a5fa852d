/** What a test set knows and what a model says of it: the input of every figure. */

/** `one` class for each document, or `several` (any number of labels, none among them). */
export type LabelsPerDocument = 'one' | 'several';

export interface TestSet {
  readonly labels: LabelsPerDocument;
  readonly documents: number;
  readonly classes: number;
  /** `one`: the class of each document [documents]; `several`: 0 or 1 [documents, classes]. */
  readonly actual: Int32Array | Uint8Array;
  /**
   * Classes over which macro and weighted averages are taken: a fixed list, the same for every model and
   * resample.
   */
  readonly averaged: readonly number[];
}

export interface Prediction {
  /** As `actual` of the test set. */
  readonly predicted: Int32Array | Uint8Array;
  /**
   * [documents, classes]; of `one` class, each row sums to 1. `null` for a model that has none: figures that
   * need them are then absent.
   */
  readonly probabilities: Float32Array | Float64Array | null;
}

/**
 * A test set whose averages are over the classes that it holds. A class without a test document would count as 0
 * for every model, right or wrong.
 *
 * @throws RangeError for sizes or classes that do not fit
 */
export function createTestSet(
  labels: LabelsPerDocument,
  actual: Int32Array | Uint8Array,
  classes: number,
): TestSet {
  const documents = labels === 'one' ? actual.length : actual.length / classes;
  if (!Number.isInteger(documents) || documents === 0) {
    throw new RangeError(`${actual.length} values are no test set of ${classes} classes`);
  }
  checkValues(labels, actual, classes);
  const present = new Set<number>();
  actual.forEach((value, i) => {
    if (labels === 'one') present.add(value);
    else if (value === 1) present.add(i % classes);
  });
  const averaged = [...present].sort((a, b) => a - b);
  return { labels, documents, classes, actual, averaged };
}

/** @throws RangeError if the prediction is not one of this test set, or holds a probability that is no number */
export function checkPrediction(test: TestSet, { predicted, probabilities }: Prediction): void {
  if (predicted.length !== test.actual.length) {
    throw new RangeError(`${predicted.length} predictions for ${test.actual.length} values`);
  }
  checkValues(test.labels, predicted, test.classes);
  if (probabilities === null) return;
  if (probabilities.length !== test.documents * test.classes) {
    throw new RangeError(`${probabilities.length} probabilities do not fit the test set`);
  }
  // Slack for rounding in sums of a softmax.
  if (!probabilities.every((value) => value >= 0 && value <= 1 + 1e-6)) {
    throw new RangeError('a probability is not in [0, 1]');
  }
}

function checkValues(
  labels: LabelsPerDocument,
  values: Int32Array | Uint8Array,
  classes: number,
): void {
  const limit = labels === 'one' ? classes : 2;
  if (!values.every((value) => value >= 0 && value < limit)) {
    throw new RangeError(`a class is not in [0, ${limit})`);
  }
}
