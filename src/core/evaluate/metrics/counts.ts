/**
 * The figures that follow from counts of right and wrong decisions, as scikit-learn 1.9 computes them with
 * `labels` and `zero_division=0`.
 */

/** Counts for each class, weighted by how often a resample holds each document. */
export interface Counts {
  readonly truePositives: Float64Array;
  /** Documents of the class. */
  readonly actual: Float64Array;
  /** Documents predicted to be of the class. */
  readonly predicted: Float64Array;
  /** Documents whose whole prediction is right. */
  right: number;
  documents: number;
}

export interface ClassFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Number of documents of the class. */
  readonly support: number;
}

export function emptyCounts(classes: number): Counts {
  return {
    truePositives: new Float64Array(classes),
    actual: new Float64Array(classes),
    predicted: new Float64Array(classes),
    right: 0,
    documents: 0,
  };
}

/** Share of documents whose whole prediction is right (of several labels: all of them). */
export function accuracy({ right, documents }: Counts): number {
  return share(right, documents);
}

export function macroF1(counts: Counts, averaged: readonly number[]): number {
  let sum = 0;
  for (const k of averaged) sum += f1(counts, k);
  return share(sum, averaged.length);
}

/** Mean of the F1 of each class, weighted by its documents. */
export function weightedF1(counts: Counts, averaged: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  for (const k of averaged) {
    const support = counts.actual[k]!;
    sum += support * f1(counts, k);
    weights += support;
  }
  return share(sum, weights);
}

/** Mean recall of those classes that have documents. */
export function balancedAccuracy({ actual, truePositives }: Counts): number {
  let sum = 0;
  let classes = 0;
  for (let k = 0; k < actual.length; k++) {
    if (actual[k] === 0) continue;
    sum += truePositives[k]! / actual[k]!;
    classes++;
  }
  return share(sum, classes);
}

export function classFigures(counts: Counts, k: number): ClassFigures {
  const right = counts.truePositives[k]!;
  return {
    precision: share(right, counts.predicted[k]!),
    recall: share(right, counts.actual[k]!),
    f1: f1(counts, k),
    support: counts.actual[k]!,
  };
}

function f1({ truePositives, actual, predicted }: Counts, k: number): number {
  return share(2 * truePositives[k]!, actual[k]! + predicted[k]!);
}

/** 0 where nothing can be divided (scikit-learn's `zero_division=0`). */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
