import type { LabelsPerDocument } from '../metrics/testSet.js';

/** Keeps the logarithm of a probability of 0 finite. */
const smallest = 1e-12;

/**
 * Mean over documents, and over the labels of a document, in nats.
 *
 * @param actual `one`: the class of each document [documents]; `several`: 0 or 1 [documents, classes]
 * @param probabilities [documents, classes]
 */
export function crossEntropy(
  labels: LabelsPerDocument,
  actual: Int32Array | Uint8Array,
  probabilities: Float64Array,
): number {
  const classes = probabilities.length / actual.length;
  let sum = 0;
  actual.forEach((value, i) => {
    const given =
      labels === 'one'
        ? probabilities[i * classes + value]!
        : value === 1
          ? probabilities[i]!
          : 1 - probabilities[i]!;
    sum -= Math.log(Math.max(smallest, given));
  });
  return sum / actual.length;
}
