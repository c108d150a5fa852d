/**
 * Cosine similarity within and between categories, over all pairs of different notes; and alignment, the mean
 * squared distance of two notes of a category (Wang and Isola, "Understanding contrastive representation learning
 * through alignment and uniformity on the hypersphere", ICML 2020, with their alpha = 2).
 */
import { pairsOf } from './classSums.js';
import type { ClassSums } from './classSums.js';

/** Name of a cell of the heat map among a measure's figures. */
export const cellName = (a: number, b: number): string => `cell ${a} ${b}`;

export function cosineFigures(sums: ClassSums): Record<string, number> {
  const { classes } = sums;
  let [within, withinPairs] = [0, 0];
  for (let k = 0; k < classes; k++) {
    const [sum, pairs] = pairsOf(sums, k, k);
    within += sum;
    withinPairs += pairs;
  }
  const [all, allPairs] = pairsAcross(sums);
  const withinMean = ratio(within, withinPairs);
  const betweenMean = ratio(all, allPairs);
  return {
    within: withinMean,
    between: betweenMean,
    gap: withinMean - betweenMean,
    alignment: 2 - 2 * withinMean,
  };
}

/** Over pairs of different classes. */
function pairsAcross(sums: ClassSums): readonly [number, number] {
  const { classes, dimension } = sums;
  const total = new Float64Array(dimension);
  for (let i = 0; i < classes * dimension; i++) total[i % dimension]! += sums.sums[i]!;
  let product = total.reduce((sum, value) => sum + value * value, 0);
  const weight = sums.weights.reduce((sum, value) => sum + value, 0);
  let pairs = weight * weight;
  for (let k = 0; k < classes; k++) {
    const own = sums.sums.subarray(k * dimension, (k + 1) * dimension);
    product -= own.reduce((sum, value) => sum + value * value, 0);
    pairs -= sums.weights[k]! ** 2;
  }
  return [product, pairs];
}

/** Mean cosine of the notes of each two of the classes that are asked for, by `cellName`. */
export function heatMapFigures(sums: ClassSums, shown: readonly number[]): Record<string, number> {
  const cells: Record<string, number> = {};
  shown.forEach((a, i) => {
    for (const b of shown.slice(i)) cells[cellName(a, b)] = ratio(...pairsOf(sums, a, b));
  });
  return cells;
}

/** NaN without pairs, or with what rounding has left of none. */
function ratio(sum: number, pairs: number): number {
  return pairs > 0.5 ? sum / pairs : NaN;
}
