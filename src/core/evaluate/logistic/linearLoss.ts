/** Weighted mean losses of class scores, with their derivatives by the scores. */

/** Labels are classes in [0, outputs) for softmax, 0 or 1 for one sigmoid. */
export interface LabelledRows {
  readonly labels: Int32Array;
  /** [rows], summing to 1. */
  readonly weights: Float64Array;
}

/**
 * Sum of weight times loss; fills `residuals` [rows, outputs] with its derivatives.
 *
 * @param scores [rows, outputs]
 */
export type ScoreLoss = (
  rows: LabelledRows,
  scores: Float64Array,
  residuals: Float64Array,
) => number;

/** Cross-entropy of softmax over `outputs` classes. */
export function softmaxLoss(outputs: number): ScoreLoss {
  return ({ labels, weights }, scores, residuals) => {
    let total = 0;
    for (let row = 0; row < labels.length; row++) {
      const from = row * outputs;
      const weight = weights[row]!;
      let largest = -Infinity;
      for (let k = from; k < from + outputs; k++) largest = Math.max(largest, scores[k]!);
      let sum = 0;
      for (let k = from; k < from + outputs; k++) {
        const power = Math.exp(scores[k]! - largest);
        residuals[k] = power;
        sum += power;
      }
      const scale = weight / sum;
      for (let k = from; k < from + outputs; k++) residuals[k]! *= scale;
      const own = from + labels[row]!;
      residuals[own]! -= weight;
      total += weight * (largest + Math.log(sum) - scores[own]!);
    }
    return total;
  };
}

/** Cross-entropy of one sigmoid: the score is that of label 1. */
export const sigmoidLoss: ScoreLoss = ({ labels, weights }, scores, residuals) => {
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row]!;
    const label = labels[row]!;
    // exp of a negative number alone, so that nothing overflows.
    const power = Math.exp(-Math.abs(score));
    const probability = (score > 0 ? 1 : power) / (1 + power);
    residuals[row] = weights[row]! * (probability - label);
    total += weights[row]! * (Math.max(score, 0) + Math.log1p(power) - label * score);
  }
  return total;
};

/** Turns scores [rows, outputs] into the probabilities of softmax, in place. */
export function softmaxRows(scores: Float64Array, outputs: number): void {
  for (let from = 0; from < scores.length; from += outputs) {
    const row = scores.subarray(from, from + outputs);
    const largest = Math.max(...row);
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += row[k] = Math.exp(row[k]! - largest);
    for (let k = 0; k < outputs; k++) row[k]! /= sum;
  }
}

export function sigmoid(score: number): number {
  const power = Math.exp(-Math.abs(score));
  return (score > 0 ? 1 : power) / (1 + power);
}
