/**
 * Measures models on the same resamples. The value of a model is the mean of a figure over the drawn seeds, each
 * measured on the drawn documents.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import { classificationFigures, noFigures, prepareRun } from '../metrics/figures.js';
import type { ClassificationFigure, MeasuredRun } from '../metrics/figures.js';
import type { Prediction, TestSet } from '../metrics/testSet.js';
import type { Resamples } from '../../base/resamples.js';

/** The runs of a model in one setting: one for each seed in the order of the seeds, or one for all of them. */
export type Runs = readonly Prediction[];

export interface BootstrapOptions {
  readonly resamples: Resamples;
  /** All unless named; AUROC takes much longer than the others. */
  readonly figures?: readonly ClassificationFigure[];
  /** Whether to give the figures of each class as well. */
  readonly perClass?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const classFigureNames = ['precision', 'recall', 'f1'] as const;

/** Values in each resample. */
export interface Resampled {
  /** NaN where a figure is not defined. */
  readonly figures: Readonly<Partial<Record<ClassificationFigure, Float64Array>>>;
  /** Of each class; empty unless asked for. */
  readonly classes: readonly Readonly<Record<(typeof classFigureNames)[number], Float64Array>>[];
}

/** Additions after which others have their turn: a tenth of a second or so. */
const operationsAtOnce = 1e8;

/**
 * @param models each with its runs
 * @returns for each model, in the same order
 */
export async function bootstrap(
  test: TestSet,
  models: readonly Runs[],
  options: BootstrapOptions,
): Promise<Resampled[]> {
  const { resamples, figures = classificationFigures, signal, onProgress } = options;
  const { count } = resamples;
  const measured = models.map((runs) => {
    if (runs.length === 0) throw new RangeError('a model has no runs');
    const classes = options.perClass === true ? test.classes : 0;
    return {
      runs: runs.map((run) => prepareRun(test, run, figures)),
      seedWeights: new Int32Array(runs.length).fill(1),
      values: new Map(figures.map((name) => [name, new Float64Array(count)])),
      classes: Array.from({ length: classes }, () => ({
        precision: new Float64Array(count),
        recall: new Float64Array(count),
        f1: new Float64Array(count),
      })),
    };
  });
  const operations = measured
    .flatMap(({ runs }) => runs)
    .reduce((sum, run) => sum + run.operations, 10 * test.documents);
  const atOnce = Math.max(1, Math.floor(operationsAtOnce / operations));
  const weights = new Int32Array(test.documents);
  for (let index = 0; index < count; index++) {
    if (index % atOnce === 0) {
      throwIfAborted(signal);
      onProgress?.(index, count);
      await setImmediate();
    }
    resamples.drawDocuments(index, weights);
    for (const model of measured) {
      if (model.runs.length > 1) resamples.drawSeeds(index, model.seedWeights);
      measureResample(model, weights, index);
    }
  }
  onProgress?.(count, count);
  return measured.map(({ values, classes }) => ({ figures: Object.fromEntries(values), classes }));
}

interface MeasuredModel {
  readonly runs: readonly MeasuredRun[];
  readonly seedWeights: Int32Array;
  readonly values: ReadonlyMap<ClassificationFigure, Float64Array>;
  readonly classes: Resampled['classes'];
}

/** Writes the means over the drawn seeds; a figure that is not defined for one of them is left out of its mean. */
function measureResample(
  { runs, seedWeights, values, classes }: MeasuredModel,
  weights: Int32Array,
  index: number,
): void {
  let documents = 0;
  for (let i = 0; i < weights.length; i++) documents += weights[i]!;
  const ofRun = noFigures();
  const sums = noFigures();
  const seeds = noFigures();
  for (const name of values.keys()) sums[name] = seeds[name] = 0;
  const allSeeds = seedWeights.reduce((sum, weight) => sum + weight, 0);
  runs.forEach((run, seed) => {
    const seedWeight = seedWeights[seed]!;
    if (seedWeight === 0) return;
    run.figures(weights, documents, ofRun);
    for (const name of values.keys()) {
      if (Number.isNaN(ofRun[name])) continue;
      sums[name] += seedWeight * ofRun[name];
      seeds[name] += seedWeight;
    }
    if (classes.length === 0) return;
    run.classes().forEach((figures, k) => {
      for (const name of classFigureNames) {
        classes[k]![name][index]! += (seedWeight / allSeeds) * figures[name];
      }
    });
  });
  for (const [name, ofName] of values) ofName[index] = sums[name] / seeds[name];
}
