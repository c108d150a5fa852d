/**
 * Classifiers over a model's embeddings, which stay as they are: logistic regression, the dense head
 * of the paper, and two without any training as a check of the others.
 */
import { setImmediate } from 'node:timers/promises';
import { macroF1Of, predictedOf } from '../fineTuning/macroF1.js';
import { openHeadReader, paperHead, trainDenseHead } from '../denseHead/denseHead.js';
import type { HeadParameters } from '../denseHead/headState.js';
import { denseMatrix } from '../logistic/featureMatrix.js';
import type { FeatureMatrix } from '../logistic/featureMatrix.js';
import { gemmMatrix } from '../logistic/gemmMatrix.js';
import { sigmoid, softmaxRows } from '../logistic/linearLoss.js';
import { fitScaling, scaled } from '../logistic/standardScaling.js';
import { centroidScores, fitCentroids } from '../neighbours/nearestCentroid.js';
import { nearestVotes } from '../neighbours/kNearest.js';
import type { Classified, Classifier, Lesson } from './classifier.js';
import { fitLinear } from './linear.js';
import type { Features } from './linear.js';
import type { Material } from './material.js';
import { eachLabel, linearTask } from './words.js';
import type { Watch } from './words.js';

/** Vectors of whole texts, in the order of each part. */
export interface Embeddings {
  readonly dimension: number;
  /** [texts, dimension] */
  readonly train: Float32Array;
  readonly validation: Float32Array;
  readonly test: Float32Array;
}

export interface EmbeddedOptions extends Watch {
  readonly material: Material;
  readonly embeddings: Embeddings;
  readonly threads: number;
  /** Whether a training note may not answer for a test note: its group, its near-copies. */
  readonly belongTogether: (test: number, train: number) => boolean;
}

/** With fewer products of a number and a class, plain loops are done before ONNX Runtime is ready. */
const fewProducts = 1e6;
const neighbours = 10;

export function embeddedClassifiers(options: EmbeddedOptions): Classifier[] {
  const { material, embeddings, now, residentBytes } = options;
  const { target } = material;
  const classes = target.classes.length;
  const timed =
    (fit: (lesson: Lesson, rows: Float32Array) => Promise<Fit>) =>
    async (lesson: Lesson): Promise<Classified> => {
      const begun = now();
      const fitted = await fit(lesson, rowsAt(embeddings, lesson.positions));
      return {
        trainableParameters: null,
        choice: null,
        ...fitted,
        predicted:
          fitted.probabilities === null
            ? fitted.predicted
            : (fitted.predicted ?? predictedOf(target.labels, fitted.probabilities, classes)),
        memoryBytes: residentBytes(),
        seconds: (now() - begun) / 1000,
      };
    };
  const check = { seedsWithAll: 1, onlyWithAll: true };
  return [
    {
      name: 'logistic-regression',
      seedsWithAll: 1,
      onlyWithAll: false,
      classify: timed((lesson, rows) => probe(options, lesson, rows)),
    },
    {
      name: 'dense-head',
      // Enough to see how much its first values matter.
      seedsWithAll: 3,
      onlyWithAll: true,
      classify: timed((lesson, rows) => head(options, lesson, rows)),
    },
    {
      ...check,
      name: 'k-nearest',
      classify: timed((lesson, rows) => nearest(options, lesson, rows)),
    },
    {
      ...check,
      name: 'nearest-centroid',
      classify: timed((lesson, rows) => centroids(options, lesson, rows)),
    },
  ];
}

type Fit = (
  | { readonly probabilities: Float64Array; readonly predicted?: Classified['predicted'] }
  | { readonly probabilities: null; readonly predicted: Classified['predicted'] }
) &
  Partial<Pick<Classified, 'trainableParameters' | 'choice'>>;

function rowsAt({ train, dimension }: Embeddings, positions: readonly number[]): Float32Array {
  const rows = new Float32Array(positions.length * dimension);
  positions.forEach((position, i) => {
    rows.set(train.subarray(position * dimension, (position + 1) * dimension), i * dimension);
  });
  return rows;
}

/** Scaled to variance 1 by the training notes, or as they are: validation decides. */
async function probe(
  { material, embeddings, threads, signal }: EmbeddedOptions,
  { train }: Lesson,
  rows: Float32Array,
): Promise<Fit> {
  const { dimension, validation, test } = embeddings;
  const open: { release(): Promise<void> }[] = [];
  const matrix = (values: Float32Array): FeatureMatrix => {
    if (values.length * material.target.classes.length < fewProducts) {
      return denseMatrix(values, dimension);
    }
    const made = gemmMatrix(values, dimension, { threads });
    open.push(made);
    return made;
  };
  const way = (label: string, change: (values: Float32Array) => Float32Array): Features => ({
    label,
    train: matrix(change(rows)),
    validation: denseMatrix(change(validation), dimension),
    test: denseMatrix(change(test), dimension),
  });
  try {
    const scaling = fitScaling(rows, dimension);
    const ways = [way('', (values) => values), way('scaled', (values) => scaled(scaling, values))];
    return await fitLinear(ways, linearTask(material, train, signal));
  } finally {
    for (const each of open) await each.release();
  }
}

async function head(
  { material, embeddings, threads, signal }: EmbeddedOptions,
  { train, seed }: Lesson,
  rows: Float32Array,
): Promise<Fit> {
  const { target, validation } = material;
  const outputs = target.classes.length;
  const multiLabel = target.labels === 'several';
  const macroF1 = macroF1Of(target.labels, validation.actual, outputs);
  const reader = await openHeadReader(embeddings.dimension, { threads });
  const probabilitiesOf = async (parameters: HeadParameters, values: Float32Array) => {
    const logits = await reader.logits(parameters, values);
    if (multiLabel) return logits.map(sigmoid);
    softmaxRows(logits, outputs);
    return logits;
  };
  try {
    const { parameters, bestEpoch } = await trainDenseHead({
      values: rows,
      columns: embeddings.dimension,
      targets: Int32Array.from(train.actual),
      outputs,
      multiLabel,
      classWeights: null,
      settings: paperHead,
      seed,
      threads,
      initial: null,
      signal,
      score: async (fitted) => macroF1(await probabilitiesOf(fitted, embeddings.validation)),
    });
    return {
      probabilities: await probabilitiesOf(parameters, embeddings.test),
      choice: `epoch ${bestEpoch}`,
      trainableParameters: Object.values(parameters).reduce<number>(
        (sum, { length }: Float32Array) => sum + length,
        0,
      ),
    };
  } finally {
    await reader.release();
  }
}

async function nearest(
  { material, embeddings, belongTogether, signal }: EmbeddedOptions,
  { train, positions }: Lesson,
  rows: Float32Array,
): Promise<Fit> {
  const { target } = material;
  const classes = target.classes.length;
  const votes = (labels: Int32Array, count: number): Promise<Float64Array> =>
    nearestVotes({
      values: rows,
      columns: embeddings.dimension,
      labels,
      classes: count,
      k: neighbours,
      queries: embeddings.test,
      excluded: (test, row) => belongTogether(test, positions[row]!),
      signal,
    });
  return { probabilities: await eachLabel(target.labels, train.actual, classes, votes) };
}

/** Cosines are no probabilities. */
async function centroids(
  { material, embeddings }: EmbeddedOptions,
  { train }: Lesson,
  rows: Float32Array,
): Promise<Fit> {
  const { target } = material;
  const { labels } = target;
  const { dimension, test } = embeddings;
  const classes = target.classes.length;
  await setImmediate();
  const scores = await eachLabel(labels, train.actual, classes, (actual, count) => {
    const cosines = centroidScores(fitCentroids(rows, dimension, actual, count), test);
    if (labels === 'one') return cosines;
    // Of each label, 1 where the notes with it are nearer than those without.
    return cosines.map((cosine, i) => (i % 2 === 1 && cosine > cosines[i - 1]! ? 1 : 0));
  });
  return { probabilities: null, predicted: predictedOf(labels, scores, classes) };
}
