/**
 * Several labels at once: one sigmoid for each over the same features. A label that all training
 * notes have, or none, has no regression to fit: its probability is 1 or 0.
 */
import type { FeatureMatrix } from './featureMatrix.js';
import { classProbabilities, fitLogisticRegression } from './logisticRegression.js';
import type { LogisticModel, LogisticRegressionOptions } from './logisticRegression.js';

/** By label: its model with the classes absent and present, or its constant probability. */
export type MultiLabelModel = readonly (LogisticModel | 0 | 1)[];

/** @param targets [rows, labels], 0 or 1 */
export async function fitMultiLabel(
  features: FeatureMatrix,
  targets: Uint8Array,
  options: Omit<LogisticRegressionOptions, 'classes'> & {
    readonly labels: number;
    readonly c: number;
  },
): Promise<MultiLabelModel> {
  const { labels, ...settings } = options;
  const models: (LogisticModel | 0 | 1)[] = [];
  for (let label = 0; label < labels; label++) {
    const own = Int32Array.from(
      { length: features.rows },
      (_, row) => targets[row * labels + label]!,
    );
    const first = own[0] === 1 ? 1 : 0;
    models.push(
      own.every((value) => value === first)
        ? first
        : await fitLogisticRegression(features, own, { ...settings, classes: 2 }),
    );
  }
  return models;
}

/** [rows, labels]: the probability of each label. */
export async function labelProbabilities(
  models: MultiLabelModel,
  features: FeatureMatrix,
): Promise<Float64Array> {
  const result = new Float64Array(features.rows * models.length);
  for (const [label, model] of models.entries()) {
    const both =
      typeof model === 'number'
        ? new Float64Array(features.rows * 2).fill(model)
        : await classProbabilities(model, features);
    for (let row = 0; row < features.rows; row++) {
      result[row * models.length + label] = both[row * 2 + 1]!;
    }
  }
  return result;
}
