/**
 * Logistic regression whose strength of penalty, and whose scaling where one is asked for, is the
 * one with the best macro-F1 on validation notes.
 */
import { throwIfAborted } from '../../base/errors.js';
import { predictedOf } from '../fineTuning/macroF1.js';
import { chooseC, regularisationGrids } from '../logistic/chooseC.js';
import type { FeatureMatrix } from '../logistic/featureMatrix.js';
import { classProbabilities } from '../logistic/logisticRegression.js';
import { fitMultiLabel, labelProbabilities } from '../logistic/multiLabel.js';
import type { LabelsPerDocument } from '../metrics/testSet.js';

/** One way to write the same notes as rows. */
export interface Features {
  /** "scaled"; empty if there is no other way. */
  readonly label: string;
  readonly train: FeatureMatrix;
  readonly validation: FeatureMatrix;
  readonly test: FeatureMatrix;
}

export interface LinearTask {
  readonly labels: LabelsPerDocument;
  readonly classes: number;
  /** Of the training rows. */
  readonly actual: Int32Array | Uint8Array;
  /** Of validation probabilities, higher is better. */
  readonly score: (probabilities: Float64Array) => number;
  readonly signal: AbortSignal;
  /** Of a fit, where the usual one would end it too early. */
  readonly tolerance?: number;
}

export interface FittedLinear {
  /** Of the test rows [documents, classes]. */
  readonly probabilities: Float64Array;
  readonly predicted: Int32Array | Uint8Array;
  /** "C = 10, scaled" */
  readonly choice: string;
  readonly trainableParameters: number;
}

const grid = 'decades';

/** @param ways tried in turn; of equal ones the first is taken */
export async function fitLinear(
  ways: readonly Features[],
  task: LinearTask,
): Promise<FittedLinear> {
  let best: { readonly fitted: Fitted; readonly way: Features } | null = null;
  for (const way of ways) {
    throwIfAborted(task.signal);
    const fitted = await (task.labels === 'one' ? oneLabel(way, task) : severalLabels(way, task));
    if (best === null || fitted.score > best.fitted.score) best = { fitted, way };
  }
  if (best === null) throw new RangeError('there are no features');
  const { fitted, way } = best;
  const probabilities = await fitted.probabilities(way.test);
  const { classes, labels } = task;
  return {
    probabilities,
    predicted: predictedOf(labels, probabilities, classes),
    choice: [`C = ${fitted.c}`, way.label].filter((part) => part !== '').join(', '),
    trainableParameters:
      (way.train.columns + 1) * (labels === 'one' && classes === 2 ? 1 : classes),
  };
}

interface Fitted {
  readonly score: number;
  readonly c: number;
  readonly probabilities: (features: FeatureMatrix) => Promise<Float64Array>;
}

async function oneLabel({ train, validation }: Features, task: LinearTask): Promise<Fitted> {
  const { model, tried } = await chooseC(train, Int32Array.from(task.actual), {
    grid,
    classes: task.classes,
    signal: task.signal,
    ...(task.tolerance === undefined ? {} : { tolerance: task.tolerance, mostIterations: 10_000 }),
    score: async (fitted) => task.score(await classProbabilities(fitted, validation)),
  });
  const score = Math.max(...tried.map((each) => each.score));
  return { score, c: model.c, probabilities: (features) => classProbabilities(model, features) };
}

async function severalLabels({ train, validation }: Features, task: LinearTask): Promise<Fitted> {
  const targets = Uint8Array.from(task.actual);
  let best: Fitted | null = null;
  for (const c of regularisationGrids[grid]) {
    const model = await fitMultiLabel(train, targets, {
      labels: task.classes,
      c,
      signal: task.signal,
    });
    const score = task.score(await labelProbabilities(model, validation));
    if (best !== null && score <= best.score) continue;
    best = { score, c, probabilities: (features) => labelProbabilities(model, features) };
  }
  if (best === null) throw new Error(`the grid ${grid} is empty`);
  return best;
}
