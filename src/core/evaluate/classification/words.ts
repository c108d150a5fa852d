/** Baselines that know words alone, or nothing: TF-IDF, naive Bayes, the majority. */
import { macroF1Of, predictedOf } from '../fineTuning/macroF1.js';
import { sparseMatrix } from '../logistic/featureMatrix.js';
import { majorityProbabilities } from '../majority.js';
import type { LabelsPerDocument } from '../metrics/testSet.js';
import { bayesProbabilities, fitNaiveBayes } from '../words/naiveBayes.js';
import { fitTerms } from '../words/terms.js';
import { fitTfIdf, tfIdfBaseline } from '../words/tfIdf.js';
import type { Classified, Classifier, Lesson } from './classifier.js';
import { fitLinear } from './linear.js';
import type { Material } from './material.js';

/** Names by which tables and comparisons know them. */
export const baselineNames = {
  majority: 'majority',
  tfIdf: 'tf-idf',
  naiveBayes: 'naive-bayes',
} as const;

/**
 * The weakest penalty curves the loss by less than the usual tolerance of a fit, which would end before
 * its probabilities are right to the second digit.
 */
const wordTolerance = 1e-8;

export interface Watch {
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Memory that the process holds now. */
  readonly residentBytes: () => number;
  readonly signal: AbortSignal;
}

interface Baseline extends Classifier {
  /** Stands for a model in tables. */
  readonly model: (typeof baselineNames)[keyof typeof baselineNames];
}

/** Naive Bayes reads counts of words, so it is a baseline of one label a note. */
export function wordBaselines(material: Material, watch: Watch): Baseline[] {
  const { target, validation, test } = material;
  const { labels } = target;
  const classes = target.classes.length;
  const base = { seedsWithAll: 1, onlyWithAll: false };
  const timed = async (fit: () => Promise<Fit> | Fit): Promise<Classified> => {
    const begun = watch.now();
    const fitted = await fit();
    return {
      predicted: predictedOf(labels, fitted.probabilities, classes),
      trainableParameters: null,
      choice: null,
      ...fitted,
      memoryBytes: watch.residentBytes(),
      seconds: (watch.now() - begun) / 1000,
    };
  };
  const majority: Baseline = {
    ...base,
    name: 'majority',
    model: baselineNames.majority,
    classify: ({ train }) =>
      timed(() => ({
        probabilities:
          labels === 'one'
            ? majorityProbabilities(Int32Array.from(train.actual), classes, test.texts.length)
            : labelShares(train.actual, classes, test.texts.length),
      })),
  };
  const tfIdf: Baseline = {
    ...base,
    name: 'logistic-regression',
    model: baselineNames.tfIdf,
    classify: ({ train }) =>
      timed(() => {
        const fitted = fitTfIdf(train.texts, tfIdfBaseline);
        const way = {
          label: '',
          train: sparseMatrix(fitted.rows),
          validation: sparseMatrix(fitted.transform(validation.texts)),
          test: sparseMatrix(fitted.transform(test.texts)),
        };
        const task = linearTask(material, train, watch.signal);
        return fitLinear([way], { ...task, tolerance: wordTolerance });
      }),
  };
  const naiveBayes: Baseline = {
    ...base,
    name: 'naive-bayes',
    model: baselineNames.naiveBayes,
    classify: ({ train }) =>
      timed(async () => {
        const terms = fitTerms(train.texts, { pairs: false, minDocuments: 1 });
        const counted = terms.count(test.texts);
        const fit = (actual: Int32Array, count: number): Float64Array =>
          bayesProbabilities(fitNaiveBayes(terms.counts, actual, count), counted);
        return { probabilities: await eachLabel(labels, train.actual, classes, fit) };
      }),
  };
  return [majority, tfIdf, naiveBayes];
}

interface Fit extends Partial<Omit<Classified, 'seconds' | 'probabilities'>> {
  readonly probabilities: Float64Array;
}

export function linearTask(
  { target, validation }: Material,
  train: Lesson['train'],
  signal: AbortSignal,
): Parameters<typeof fitLinear>[1] {
  const classes = target.classes.length;
  return {
    labels: target.labels,
    classes,
    actual: train.actual,
    score: macroF1Of(target.labels, validation.actual, classes),
    signal,
  };
}

/** [rows, classes]: the share of training notes with each label. */
function labelShares(actual: Int32Array | Uint8Array, classes: number, rows: number): Float64Array {
  const shares = new Float64Array(classes);
  const notes = actual.length / classes;
  actual.forEach((value, i) => {
    shares[i % classes]! += value / notes;
  });
  const probabilities = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) probabilities.set(shares, row * classes);
  return probabilities;
}

/**
 * Classifiers of one class for each note, as they are or as one for each label.
 *
 * @param fit gives the test probabilities [documents, count] for training classes in [0, count)
 */
export async function eachLabel(
  labels: LabelsPerDocument,
  actual: Int32Array | Uint8Array,
  classes: number,
  fit: (actual: Int32Array, count: number) => Float64Array | Promise<Float64Array>,
): Promise<Float64Array> {
  if (labels === 'one') return fit(Int32Array.from(actual), classes);
  const notes = actual.length / classes;
  const byLabel: Float64Array[] = [];
  for (let k = 0; k < classes; k++) {
    const own = Int32Array.from({ length: notes }, (_, note) => actual[note * classes + k]!);
    byLabel.push(await fit(own, 2));
  }
  const documents = byLabel[0]!.length / 2;
  const result = new Float64Array(documents * classes);
  byLabel.forEach((both, k) => {
    for (let i = 0; i < documents; i++) result[i * classes + k] = both[i * 2 + 1]!;
  });
  return result;
}
