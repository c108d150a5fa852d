/**
 * How far probabilities can be believed: expected calibration error over 15 bins of equal width, and the
 * reliability curve (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). With one class for each
 * document the confidence is the highest probability; with several labels each label of each document is a
 * statement of its own.
 */
import type { Prediction, TestSet } from './testSet.js';

export const calibrationBins = 15;

/** Statements sorted by bin. */
export interface Statements {
  /** Bounds of each bin [bins + 1]. */
  readonly bounds: Int32Array;
  readonly documents: Int32Array;
  /** What each statement says: a probability. */
  readonly confidences: Float64Array;
  /** 1 if it is true, else 0. */
  readonly outcomes: Float64Array;
  /** Statements about each document. */
  readonly perDocument: number;
}

export interface ReliabilityBin {
  /** The bin is (low, high]; the first holds 0 too. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** `null` if the bin is empty. */
  readonly meanConfidence: number | null;
  /** Share of its statements that are true; `null` if the bin is empty. */
  readonly shareRight: number | null;
}

export function statementsOf(
  test: TestSet,
  probabilities: NonNullable<Prediction['probabilities']>,
  predicted: Prediction['predicted'],
): Statements {
  const { labels, documents, classes, actual } = test;
  const perDocument = labels === 'one' ? 1 : classes;
  const count = documents * perDocument;
  const said = new Float64Array(count);
  const is = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    if (labels === 'one') {
      said[i] = Math.min(1, probabilities[i * classes + predicted[i]!]!);
      is[i] = predicted[i] === actual[i] ? 1 : 0;
    } else {
      said[i] = Math.min(1, probabilities[i]!);
      is[i] = actual[i]!;
    }
  }
  const bins = Int32Array.from(said, binOf);
  const order = Int32Array.from(said, (_, i) => i).sort((a, b) => bins[a]! - bins[b]! || a - b);
  const bounds = new Int32Array(calibrationBins + 1);
  for (const bin of bins) bounds[bin + 1]!++;
  for (let bin = 0; bin < calibrationBins; bin++) bounds[bin + 1]! += bounds[bin]!;
  return {
    bounds,
    documents: order.map((i) => Math.floor(i / perDocument)),
    confidences: Float64Array.from(order, (i) => said[i]!),
    outcomes: Float64Array.from(order, (i) => is[i]!),
    perDocument,
  };
}

/** Mean distance between confidence and share of true statements, over bins weighted by their statements. */
export function calibrationError(statements: Statements, weights: Int32Array): number {
  const { bounds, documents, confidences, outcomes } = statements;
  let distance = 0;
  let total = 0;
  for (let bin = 0; bin < calibrationBins; bin++) {
    let gap = 0;
    for (let i = bounds[bin]!; i < bounds[bin + 1]!; i++) {
      const weight = weights[documents[i]!]!;
      gap += weight * (outcomes[i]! - confidences[i]!);
      total += weight;
    }
    distance += Math.abs(gap);
  }
  return total === 0 ? NaN : distance / total;
}

/** Over the statements of all runs together. */
export function reliabilityCurve(runs: readonly Statements[]): ReliabilityBin[] {
  return Array.from({ length: calibrationBins }, (_, bin) => {
    let [count, confidence, right] = [0, 0, 0];
    for (const { bounds, confidences, outcomes } of runs) {
      for (let i = bounds[bin]!; i < bounds[bin + 1]!; i++) {
        count++;
        confidence += confidences[i]!;
        right += outcomes[i]!;
      }
    }
    return {
      low: edge(bin),
      high: edge(bin + 1),
      count,
      meanConfidence: count === 0 ? null : confidence / count,
      shareRight: count === 0 ? null : right / count,
    };
  });
}

/** As `numpy.linspace(0, 1, 16)`. */
function edge(bin: number): number {
  return bin === calibrationBins ? 1 : bin * (1 / calibrationBins);
}

function binOf(confidence: number): number {
  // Rounding may put a value at an edge on its wrong side: the edges decide.
  let bin = Math.min(calibrationBins - 1, Math.max(0, Math.ceil(confidence * calibrationBins) - 1));
  while (bin > 0 && confidence <= edge(bin)) bin--;
  while (bin < calibrationBins - 1 && confidence > edge(bin + 1)) bin++;
  return bin;
}
