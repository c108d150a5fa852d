/**
 * Logistic regression with an L2 penalty and an unpenalised intercept, as scikit-learn's
 * LogisticRegression fits it: the mean loss plus |w|^2 / (2 C rows); softmax over three or more
 * classes, one sigmoid for two.
 */
import { failure } from '../../base/errors.js';
import { coefficientSpace } from './coefficientSpace.js';
import type { FeatureMatrix } from './featureMatrix.js';
import { minimise } from './lbfgs.js';
import type { LbfgsOutcome } from './lbfgs.js';
import { sigmoid, sigmoidLoss, softmaxLoss, softmaxRows } from './linearLoss.js';
import type { LabelledRows } from './linearLoss.js';
import { linearFunction } from './linearProblem.js';

export interface LogisticRegressionOptions {
  /** Number of classes in the fixed list; some may be missing from the labels. */
  readonly classes: number;
  /** `balanced` weights a row by rows / (classes * rows of its class), as scikit-learn does. */
  readonly classWeight?: 'balanced' | null;
  /** Largest absolute value of an entry of the gradient of the mean loss at which a fit ends. */
  readonly tolerance?: number;
  readonly mostIterations?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface LogisticModel {
  /** Inverse strength of the penalty. */
  readonly c: number;
  /** Classes of the fixed list that the labels had, ascending. */
  readonly fitted: readonly number[];
  /** Number of classes in the fixed list. */
  readonly classes: number;
  /** [columns, outputs]; `outputs` is 1 for two fitted classes, of which it scores the second. */
  readonly coefficients: Float64Array;
  /** [outputs] */
  readonly intercepts: Float64Array;
  readonly iterations: number;
  readonly stopped: LbfgsOutcome['stopped'];
}

/** Fits the same rows again and again; each fit starts from the one before. */
export interface LogisticFitter {
  /** @param c inverse strength of the penalty, above 0 */
  fit(c: number): Promise<LogisticModel>;
}

export const logisticDefaults = { tolerance: 1e-6, mostIterations: 2000 } as const;

/** @param labels [rows], classes in [0, classes) */
export function logisticFitter(
  features: FeatureMatrix,
  labels: Int32Array,
  options: LogisticRegressionOptions,
): LogisticFitter {
  const { classes, classWeight = null, signal } = options;
  const counts = countLabels(labels, features.rows, classes);
  const fitted = Array.from(counts.keys()).filter((label) => counts[label]! > 0);
  if (fitted.length < 2) {
    throw failure(
      'All training notes have the same class: add notes of another class, or choose another field.',
    );
  }
  const outputs = fitted.length === 2 ? 1 : fitted.length;
  const weightOf = fitted.map((label) =>
    classWeight === null ? 1 : features.rows / (fitted.length * counts[label]!),
  );
  const rows = labelledRows(
    labels.map((label) => fitted.indexOf(label)),
    weightOf,
  );
  const space = coefficientSpace(features, outputs);
  const loss = outputs === 1 ? sigmoidLoss : softmaxLoss(outputs);
  const problem = linearFunction({ rows, loss, outputs, space });
  const total = labels.reduce((sum, label) => sum + weightOf[fitted.indexOf(label)]!, 0);
  return {
    async fit(c) {
      if (!(c > 0)) throw new RangeError(`C must be above 0, not ${c}`);
      problem.setPenalty(1 / (c * total));
      const outcome = await minimise(problem, { ...logisticDefaults, ...given(options), signal });
      const { intercepts } = space;
      return {
        c,
        fitted,
        classes,
        coefficients: await space.coefficients(problem.point),
        intercepts: problem.point.slice(intercepts, intercepts + outputs),
        ...outcome,
      };
    },
  };
}

export async function fitLogisticRegression(
  features: FeatureMatrix,
  labels: Int32Array,
  { c, ...options }: LogisticRegressionOptions & { readonly c: number },
): Promise<LogisticModel> {
  return logisticFitter(features, labels, options).fit(c);
}

/** [rows, classes]: 0 for classes that the training labels lacked. */
export async function classProbabilities(
  model: LogisticModel,
  features: FeatureMatrix,
): Promise<Float64Array> {
  const { coefficients, intercepts, fitted, classes } = model;
  const outputs = intercepts.length;
  if (features.columns * outputs !== coefficients.length) {
    throw new RangeError(
      `the model has ${coefficients.length / outputs} columns, not ${features.columns}`,
    );
  }
  const scores = new Float64Array(features.rows * outputs);
  await features.multiply(coefficients, outputs, scores);
  for (let i = 0; i < scores.length; i++) scores[i]! += intercepts[i % outputs]!;
  const probabilities = new Float64Array(features.rows * classes);
  if (outputs === 1) {
    const [first, second] = [fitted[0]!, fitted[1]!];
    for (let row = 0; row < features.rows; row++) {
      const probability = sigmoid(scores[row]!);
      probabilities[row * classes + first] = 1 - probability;
      probabilities[row * classes + second] = probability;
    }
    return probabilities;
  }
  softmaxRows(scores, outputs);
  for (let row = 0; row < features.rows; row++) {
    fitted.forEach((label, k) => {
      probabilities[row * classes + label] = scores[row * outputs + k]!;
    });
  }
  return probabilities;
}

function countLabels(labels: Int32Array, rows: number, classes: number): Int32Array {
  if (labels.length !== rows) throw new RangeError(`${labels.length} labels for ${rows} rows`);
  const counts = new Int32Array(classes);
  for (const label of labels) {
    if (label < 0 || label >= classes) throw new RangeError(`no class ${label} of ${classes}`);
    counts[label]!++;
  }
  return counts;
}

function labelledRows(labels: Int32Array, weightOf: readonly number[]): LabelledRows {
  const weights = Float64Array.from(labels, (label) => weightOf[label]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { labels, weights: weights.map((weight) => weight / total) };
}

function given({ tolerance, mostIterations }: LogisticRegressionOptions): {
  tolerance?: number;
  mostIterations?: number;
} {
  return {
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(mostIterations === undefined ? {} : { mostIterations }),
  };
}
