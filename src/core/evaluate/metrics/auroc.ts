/**
 * Area under the ROC curve, each class against the rest: the share of pairs of a document of the class and
 * another in which the former has the higher score, ties counting half (Hanley and McNeil, 1982). Equal to the
 * trapezoids of scikit-learn's `roc_auc_score`.
 */
import type { Prediction, TestSet } from './testSet.js';

/**
 * The documents of a test set in ascending order of their score for one class, in steps: others with lower scores, others
 * with the same score as the step's documents of the class, and these. Between steps nothing needs to be compared, so a
 * resample is measured by sums alone.
 */
export interface RankedClass {
  readonly order: Int32Array;
  /** Where the three parts of each step end in `order` [3 x steps]; others beyond the last step are above all. */
  readonly ends: Int32Array;
}

/**
 * For each class of `averaged`. With two classes, one for each document, both areas are the same up to rounding:
 * only the second is ranked, as in scikit-learn.
 */
export function rankClasses(
  test: TestSet,
  probabilities: Float32Array | Float64Array,
): RankedClass[] {
  const { labels, classes, averaged } = test;
  const ranked = labels === 'one' && classes === 2 ? [1] : averaged;
  return ranked.map((k) => rankClass(test, probabilities, k));
}

export function rankClass(
  { labels, documents, classes, actual }: TestSet,
  probabilities: NonNullable<Prediction['probabilities']>,
  k: number,
): RankedClass {
  const scores = Float64Array.from(
    { length: documents },
    (_, i) => probabilities[i * classes + k]!,
  );
  const isOfClass = (i: number): boolean =>
    labels === 'one' ? actual[i] === k : actual[i * classes + k] === 1;
  // Within equal scores, others come first.
  const order = Int32Array.from(scores, (_, i) => i).sort(
    (a, b) => scores[a]! - scores[b]! || Number(isOfClass(a)) - Number(isOfClass(b)),
  );
  return { order, ends: stepsOf(order, scores, isOfClass) };
}

function stepsOf(
  order: Int32Array,
  scores: Float64Array,
  isOfClass: (document: number) => boolean,
): Int32Array {
  const ends: number[] = [];
  let i = 0;
  while (i < order.length) {
    const start = i;
    while (i < order.length && !isOfClass(order[i]!)) i++;
    if (i === order.length) break;
    const score = scores[order[i]!];
    let tied = i;
    while (tied > start && scores[order[tied - 1]!] === score) tied--;
    ends.push(tied, i);
    while (
      i < order.length &&
      isOfClass(order[i]!) &&
      (tied === ends.at(-1) || scores[order[i]!] === score)
    )
      i++;
    ends.push(i);
  }
  return Int32Array.from(ends);
}

/** NaN if the weighted documents are all of the class, or none is: the area is then not defined. */
export function auroc({ order, ends }: RankedClass, weights: Int32Array): number {
  let [pairs, positives, negatives] = [0, 0, 0];
  let i = 0;
  for (let step = 0; step < ends.length; step += 3) {
    let [lower, tied, inClass] = [0, 0, 0];
    for (const end = ends[step]!; i < end; i++) lower += weights[order[i]!]!;
    for (const end = ends[step + 1]!; i < end; i++) tied += weights[order[i]!]!;
    for (const end = ends[step + 2]!; i < end; i++) inClass += weights[order[i]!]!;
    pairs += inClass * (negatives + lower + tied / 2);
    positives += inClass;
    negatives += lower + tied;
  }
  for (; i < order.length; i++) negatives += weights[order[i]!]!;
  return pairs / (positives * negatives);
}

/**
 * Mean over those classes for which it is defined, where scikit-learn gives NaN if one is not; NaN if it is
 * defined for none.
 */
export function macroAuroc(ranked: readonly RankedClass[], weights: Int32Array): number {
  let [sum, classes] = [0, 0];
  for (const each of ranked) {
    const area = auroc(each, weights);
    if (Number.isNaN(area)) continue;
    sum += area;
    classes++;
  }
  return sum / classes;
}
