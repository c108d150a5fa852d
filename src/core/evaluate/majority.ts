/** The baseline that looks at no note: the shares of the classes among the training notes. */

/** Predicts the commonest class; of equally common ones the first. [rows, classes] of shares. */
export function majorityProbabilities(
  labels: Int32Array,
  classes: number,
  rows: number,
): Float64Array {
  const shares = new Float64Array(classes);
  for (const label of labels) shares[label]! += 1 / labels.length;
  const probabilities = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) probabilities.set(shares, row * classes);
  return probabilities;
}
