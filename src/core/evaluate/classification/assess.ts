/** What the runs of an evaluation come to: figures with intervals, comparisons, tables for the report. */
import type { Shots } from '../../../protocol/catalogue/evaluation.js';
import { askedComparisons, plannedComparisons } from '../comparisons.js';
import type { AskedComparison, ComparedModel, Comparison } from '../comparisons.js';
import { bootstrap } from '../confidence/bootstrap.js';
import type { Resampled } from '../confidence/bootstrap.js';
import { percentileInterval } from '../../base/intervals.js';
import { mcNemar } from '../confidence/mcNemar.js';
import type { McNemar } from '../confidence/mcNemar.js';
import { randomResamples, usualResamples } from '../../base/resamples.js';
import { reliabilityCurve, statementsOf } from '../metrics/calibration.js';
import type { ReliabilityBin } from '../metrics/calibration.js';
import { confusionMatrix } from '../metrics/confusionMatrix.js';
import { classificationFigures, countedFigures, measure } from '../metrics/figures.js';
import type { ClassificationFigure } from '../metrics/figures.js';
import type { TestSet } from '../metrics/testSet.js';
import type { ClassifierName } from './classifier.js';
import type { Run } from './runs.js';

/** All runs of one model in one protocol with one number of labels. */
export interface Setting {
  /** Folder of the model, or name of a baseline. */
  readonly model: string;
  readonly protocol: string;
  readonly classifier: ClassifierName;
  /** Whether comparisons and the verdict speak of it. */
  readonly isMain: boolean;
  readonly shots: Shots;
  /** By seed. */
  readonly runs: readonly Run[];
}

/** A mean over the seeds on the whole test set, and its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface AssessedClass {
  readonly name: string;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  /** Test notes. */
  readonly support: number;
}

export interface Assessed {
  readonly setting: Setting;
  /** Of each run, in their order. */
  readonly byRun: readonly Readonly<Record<ClassificationFigure, number | null>>[];
  /** Figures that are not defined are absent. */
  readonly figures: Readonly<Partial<Record<ClassificationFigure, Estimate>>>;
  /** Only with all labels. */
  readonly classes: readonly AssessedClass[];
  /** Over all seeds [classes, classes]; only with all labels and one label a note. */
  readonly confusion: Int32Array | null;
  /** Only with all labels and probabilities. */
  readonly reliability: readonly ReliabilityBin[] | null;
}

export interface Assessment {
  readonly assessed: readonly Assessed[];
  readonly comparisons: readonly Comparison[];
  /** Those that were asked for beside them. */
  readonly contrasts: readonly AskedComparison[];
  /** A second look at the comparisons with all labels, where notes are on their own. */
  readonly mcNemar: readonly (McNemar & Pick<Comparison, 'a' | 'b' | 'protocol'>)[];
}

export interface AssessOptions {
  readonly testSet: TestSet;
  readonly classNames: readonly string[];
  /** Number of the group of each test note; `null` if every note is on its own. */
  readonly groups: Int32Array | null;
  /** Models that are compared, without baselines. */
  readonly models: readonly ComparedModel[];
  /** Comparisons beside the planned ones; absent: none. */
  readonly contrasts?: Parameters<typeof askedComparisons>[1] | undefined;
  readonly seed: number;
  readonly resamples?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export async function assess(
  settings: readonly Setting[],
  options: AssessOptions,
): Promise<Assessment> {
  const { testSet, groups, seed, signal, onProgress } = options;
  const resamples = randomResamples(seed, groups, options.resamples ?? usualResamples);
  const assessed: Assessed[] = [];
  const macroF1 = new Map<Setting, Float64Array>();
  for (const [index, setting] of settings.entries()) {
    const isWhole = setting.shots === 'all';
    // One by one, on the same draws, so that only one setting's resamples are held.
    const [resampled] = await bootstrap(testSet, [setting.runs], {
      resamples,
      figures: isWhole ? classificationFigures : countedFigures,
      perClass: isWhole,
      signal,
      onProgress: (done, total) => onProgress(index + done / total, settings.length),
    });
    if (resampled === undefined) throw new Error('a setting was not resampled');
    assessed.push(assessSetting(setting, resampled, options));
    if (setting.isMain) macroF1.set(setting, resampled.figures.macroF1!);
  }
  const scored = assessed.flatMap(({ setting, figures }) => {
    const values = macroF1.get(setting);
    if (values === undefined || figures.macroF1 === undefined) return [];
    const { model, protocol, shots } = setting;
    return { model, protocol, shots, macroF1: figures.macroF1.mean, resampled: values };
  });
  const comparisons = plannedComparisons(scored, options.models);
  const contrasts = askedComparisons(scored, options.contrasts ?? []);
  return { assessed, comparisons, contrasts, mcNemar: secondLooks(comparisons, settings, options) };
}

function assessSetting(
  setting: Setting,
  resampled: Resampled,
  { testSet, classNames }: AssessOptions,
): Assessed {
  const measured = setting.runs.map((run) => measure(testSet, run));
  const isWhole = setting.shots === 'all';
  const figures: Partial<Record<ClassificationFigure, Estimate>> = {};
  for (const name of classificationFigures) {
    const mean = meanOf(measured.flatMap((run) => run.figures[name] ?? []));
    const values = resampled.figures[name];
    if (mean !== null && values !== undefined) figures[name] = estimate(mean, values);
  }
  const classes = resampled.classes.map((values, k): AssessedClass => {
    const of = measured.map((run) => run.classes[k]!);
    const each = (name: 'precision' | 'recall' | 'f1'): Estimate =>
      estimate(meanOf(of.map((one) => one[name])) ?? 0, values[name]);
    return {
      name: classNames[k]!,
      precision: each('precision'),
      recall: each('recall'),
      f1: each('f1'),
      support: of[0]!.support,
    };
  });
  const withProbabilities = setting.runs.flatMap(({ probabilities, predicted }) =>
    probabilities === null ? [] : statementsOf(testSet, probabilities, predicted),
  );
  return {
    setting,
    byRun: measured.map((run) => run.figures),
    figures,
    classes,
    confusion:
      isWhole && testSet.labels === 'one'
        ? confusionMatrix(
            testSet,
            setting.runs.map(({ predicted }) => predicted),
          )
        : null,
    reliability:
      isWhole && withProbabilities.length > 0 ? reliabilityCurve(withProbabilities) : null,
  };
}

function estimate(mean: number, values: Float64Array): Estimate {
  const { low, high } = percentileInterval(values) ?? { low: mean, high: mean };
  return { mean, low, high };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The first run of each, since McNemar's test is one of single runs. */
function secondLooks(
  comparisons: readonly Comparison[],
  settings: readonly Setting[],
  { testSet, groups }: AssessOptions,
): Assessment['mcNemar'] {
  if (groups !== null || testSet.labels !== 'one') return [];
  const rightOf = (model: string, protocol: string): boolean[] | null => {
    const main = settings.filter(
      (each) => each.isMain && each.shots === 'all' && each.model === model,
    );
    const [run] = (main.find((each) => each.protocol === protocol) ?? main[0])?.runs ?? [];
    return run === undefined
      ? null
      : Array.from(run.predicted, (predicted, i) => predicted === testSet.actual[i]);
  };
  return comparisons.flatMap(({ a, b, protocol, shots }) => {
    if (shots !== 'all') return [];
    const [first, second] = [rightOf(a, protocol), rightOf(b, protocol)];
    return first === null || second === null ? [] : { a, b, protocol, ...mcNemar(first, second) };
  });
}
