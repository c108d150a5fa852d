/** All figures of a classification, of the whole test set or of a resample of it. */
import { macroAuroc, rankClasses } from './auroc.js';
import { calibrationError, statementsOf } from './calibration.js';
import { countCells, countWeighted } from './countCells.js';
import type { ClassFigures } from './counts.js';
import * as counted from './counts.js';
import { checkPrediction } from './testSet.js';
import type { Prediction, TestSet } from './testSet.js';

/** NaN for a figure that is not defined; see `measure`. */
export interface FigureValues {
  accuracy: number;
  macroF1: number;
  weightedF1: number;
  balancedAccuracy: number;
  macroAuroc: number;
  calibrationError: number;
}

export type ClassificationFigure = keyof FigureValues;

export const classificationFigures = Object.keys(noFigures()) as ClassificationFigure[];

/** Those that follow from counts, which a resample gives in no time. */
export const countedFigures = classificationFigures.filter(
  (name) => name !== 'macroAuroc' && name !== 'calibrationError',
);

/** A run that is prepared to be measured again and again. */
export interface MeasuredRun {
  /**
   * Writes the figures that were asked for.
   *
   * @param weights how often each document counts [documents]
   * @param total sum of the weights
   */
  figures(weights: Int32Array, total: number, values: FigureValues): void;
  /** Of each class, under the weights of the last call of `figures`. */
  classes(): ClassFigures[];
  /** Additions for a call, about. */
  readonly operations: number;
}

/**
 * @param asked figures to compute: AUROC takes as long as all others together, times the classes
 * @throws RangeError if the prediction does not fit the test set
 */
export function prepareRun(
  test: TestSet,
  prediction: Prediction,
  asked: readonly ClassificationFigure[] = classificationFigures,
): MeasuredRun {
  checkPrediction(test, prediction);
  const { probabilities, predicted } = prediction;
  const wants = (figure: ClassificationFigure): boolean => asked.includes(figure);
  const cells = countCells(test, prediction);
  const counts = counted.emptyCounts(test.classes);
  const ranked =
    probabilities !== null && wants('macroAuroc') ? rankClasses(test, probabilities) : [];
  const statements =
    probabilities !== null && wants('calibrationError')
      ? statementsOf(test, probabilities, predicted)
      : null;
  return {
    operations:
      cells.documents.length +
      test.documents * (1 + 2 * ranked.length + 2 * (statements?.perDocument ?? 0)),
    figures(weights, total, values) {
      countWeighted(cells, weights, total, counts);
      values.accuracy = counted.accuracy(counts);
      values.macroF1 = counted.macroF1(counts, test.averaged);
      values.weightedF1 = counted.weightedF1(counts, test.averaged);
      // scikit-learn knows it for one class for each document only.
      values.balancedAccuracy = test.labels === 'one' ? counted.balancedAccuracy(counts) : NaN;
      values.macroAuroc = macroAuroc(ranked, weights);
      values.calibrationError = statements === null ? NaN : calibrationError(statements, weights);
    },
    classes: () => Array.from({ length: test.classes }, (_, k) => counted.classFigures(counts, k)),
  };
}

export interface Measured {
  /**
   * `null` where a figure is not defined: without probabilities, AUROC of a test set of one class, balanced accuracy of
   * several labels.
   */
  readonly figures: Readonly<Record<ClassificationFigure, number | null>>;
  readonly classes: readonly ClassFigures[];
}

/** The figures of one run on the whole test set. */
export function measure(test: TestSet, prediction: Prediction): Measured {
  const run = prepareRun(test, prediction);
  const values = noFigures();
  run.figures(new Int32Array(test.documents).fill(1), test.documents, values);
  const figures = {
    accuracy: values.accuracy,
    macroF1: values.macroF1,
    weightedF1: values.weightedF1,
    balancedAccuracy: defined(values.balancedAccuracy),
    macroAuroc: defined(values.macroAuroc),
    calibrationError: defined(values.calibrationError),
  };
  return { figures, classes: run.classes() };
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

export function noFigures(): FigureValues {
  return {
    accuracy: NaN,
    macroF1: NaN,
    weightedF1: NaN,
    balancedAccuracy: NaN,
    macroAuroc: NaN,
    calibrationError: NaN,
  };
}
