/** Made-up predictions, and what scikit-learn, numpy and statsmodels say of them: see makeMetrics.py beside the file. */
import { readFileSync } from 'node:fs';
import type { ClassificationFigure } from '../../../src/core/evaluate/metrics/figures.js';
import type { Prediction, TestSet } from '../../../src/core/evaluate/metrics/testSet.js';

interface GoldenPrediction {
  readonly predicted: readonly number[];
  /** In twentieths. */
  readonly probabilities: readonly number[];
}

type GoldenCase = GoldenPrediction & {
  readonly name: string;
  readonly labels: TestSet['labels'];
  readonly classes: number;
  readonly averaged: readonly number[];
  readonly actual: readonly number[];
  readonly figures: Readonly<Record<ClassificationFigure, number | null>>;
  /** Precision, recall, F1, support. */
  readonly perClass: readonly (readonly [number, number, number, number])[];
  readonly confusion: readonly number[] | null;
  /** Count, mean confidence, share right. */
  readonly curve: readonly (readonly [number, number | null, number | null])[];
};

export interface Golden {
  readonly cases: readonly GoldenCase[];
  readonly bootstrap: {
    readonly classes: number;
    readonly actual: readonly number[];
    readonly models: readonly (readonly GoldenPrediction[])[];
    readonly documents: readonly (readonly number[])[];
    readonly seeds: readonly (readonly number[])[];
    readonly macroF1: readonly (readonly number[])[];
    readonly intervals: readonly Readonly<
      Record<ClassificationFigure, readonly [number, number]>
    >[];
    /** Of the first model. */
    readonly classF1: readonly (readonly [number, number])[];
    readonly contrasts: readonly {
      readonly a: number;
      readonly b: number;
      readonly observed: number;
      readonly interval: readonly [number, number];
      readonly p: number;
    }[];
  };
  readonly mcnemar: readonly {
    readonly onlyFirst: number;
    readonly onlySecond: number;
    readonly exactP: number;
    readonly statistic: number;
    readonly p: number;
  }[];
  readonly holm: { readonly p: readonly number[]; readonly adjusted: readonly number[] };
}

const file = new URL('../../golden/evaluate-metrics/metrics.json', import.meta.url);
export const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

export function predictionOf({ predicted, probabilities }: GoldenPrediction): Prediction {
  return {
    predicted: Int32Array.from(predicted),
    probabilities: Float64Array.from(probabilities, (value) => value / 20),
  };
}
