/** The inverse strength of the penalty, chosen from a grid by a score on other notes. */
import { logisticFitter } from './logisticRegression.js';
import type { FeatureMatrix } from './featureMatrix.js';
import type { LogisticModel, LogisticRegressionOptions } from './logisticRegression.js';

/** Ascending. `decades` spans what suits unit vectors, TF-IDF and scaled embeddings alike. */
export const regularisationGrids = {
  decades: [1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type RegularisationGrid = keyof typeof regularisationGrids;

export interface TriedC {
  readonly c: number;
  /** Higher is better. */
  readonly score: number;
  readonly iterations: number;
  readonly stopped: LogisticModel['stopped'];
}

export interface ChosenC {
  readonly model: LogisticModel;
  /** In the order of the grid. */
  readonly tried: readonly TriedC[];
}

/**
 * Fits from the strongest penalty on, each fit starting from the one before, and keeps the model
 * with the best score; of equal ones that with the strongest penalty.
 *
 * @param score of a model on validation notes: macro-F1
 */
export async function chooseC(
  features: FeatureMatrix,
  labels: Int32Array,
  options: LogisticRegressionOptions & {
    readonly grid: RegularisationGrid;
    readonly score: (model: LogisticModel) => number | Promise<number>;
  },
): Promise<ChosenC> {
  const { grid, score, ...settings } = options;
  const fitter = logisticFitter(features, labels, settings);
  const tried: TriedC[] = [];
  let best: { model: LogisticModel; score: number } | null = null;
  for (const c of regularisationGrids[grid]) {
    const model = await fitter.fit(c);
    const reached = await score(model);
    if (!Number.isFinite(reached)) throw new RangeError(`the score of C = ${c} is ${reached}`);
    tried.push({ c, score: reached, iterations: model.iterations, stopped: model.stopped });
    if (best === null || reached > best.score) best = { model, score: reached };
  }
  if (best === null) throw new Error(`the grid ${grid} is empty`);
  return { model: best.model, tried };
}
