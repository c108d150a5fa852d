/** The interface of a classifier that an evaluation trains and tests. */
import type { Shots } from '../../../protocol/catalogue/evaluation.js';
import type { Part } from './material.js';

/** What a classifier may learn from in one run. */
export interface Lesson {
  readonly shots: Shots;
  readonly seed: number;
  /** Positions of the training notes. */
  readonly positions: readonly number[];
  readonly train: Part;
}

export interface Classified {
  /** Of the test notes [documents, classes]; `null` for a classifier that has none. */
  readonly probabilities: Float64Array | null;
  /** As the `actual` of a test set. */
  readonly predicted: Int32Array | Uint8Array;
  /** Numbers that were fitted; `null` where that says nothing. */
  readonly trainableParameters: number | null;
  readonly seconds: number;
  /** Most that the process held, as far as it was watched; `null` if it was not. */
  readonly memoryBytes: number | null;
  /** What was chosen on validation notes, for the report: "C = 10, scaled". */
  readonly choice: string | null;
}

/** Names of classifiers in the JSON and the tables, and as they are displayed. */
export const classifierLabels = {
  'logistic-regression': 'logistic regression',
  'dense-head': 'dense head',
  'k-nearest': '10 nearest neighbours',
  'nearest-centroid': 'nearest centroid',
  'naive-bayes': 'naive Bayes',
  majority: 'most frequent class',
  'fine-tuned': 'linear head',
} as const;

export type ClassifierName = keyof typeof classifierLabels;

export interface Classifier {
  readonly name: ClassifierName;
  /** Seeds of runs that learn from all notes: 1 where nothing is drawn in training. */
  readonly seedsWithAll: number;
  /** With fewer labels it is left out. */
  readonly onlyWithAll: boolean;
  classify(lesson: Lesson): Promise<Classified>;
}
