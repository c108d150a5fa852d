/** Davies-Bouldin and Calinski-Harabasz by squared and plain Euclidean distances, as scikit-learn computes them. */
import type { ClassSums } from '../space/classSums.js';
import type { Space } from '../space/space.js';

/**
 * Calinski and Harabasz, "A dendrite method for cluster analysis", 1974. NaN for fewer than two classes, or where
 * notes of a class do not differ.
 */
export function calinskiHarabasz(sums: ClassSums): number {
  const { classes, dimension, sums: values, weights, squares } = sums;
  const mean = new Float64Array(dimension);
  let [total, present, square, between] = [0, 0, 0, 0];
  for (let k = 0; k < classes; k++) {
    const weight = weights[k]!;
    if (weight === 0) continue;
    present++;
    total += weight;
    square += squares[k]!;
    let own = 0;
    for (let i = 0; i < dimension; i++) {
      const value = values[k * dimension + i]!;
      mean[i]! += value;
      own += value * value;
    }
    between += own / weight;
  }
  const whole = mean.reduce((sum, value) => sum + value * value, 0) / total;
  const intra = square - between;
  if (present < 2 || total <= present || intra <= 1e-12 * square) return NaN;
  return ((between - whole) * (total - present)) / (intra * (present - 1));
}

/**
 * Davies and Bouldin, "A cluster separation measure", 1979: lower is better. NaN for fewer than two classes, or where
 * notes do not differ.
 */
export function daviesBouldin(
  { vectors, dimension, count }: Space,
  labels: Int32Array,
  { classes, sums, weights: sizes }: ClassSums,
  weights: Int32Array,
): number {
  const centres = sums.map((value, i) => value / sizes[Math.floor(i / dimension)]!);
  const spread = new Float64Array(classes);
  for (let note = 0; note < count; note++) {
    const label = labels[note]!;
    if (label < 0 || weights[note]! === 0) continue;
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      const difference = vectors[note * dimension + i]! - centres[label * dimension + i]!;
      square += difference * difference;
    }
    spread[label]! += (weights[note]! * Math.sqrt(square)) / sizes[label]!;
  }
  const present = [...sizes.keys()].filter((k) => sizes[k]! > 0);
  if (present.length < 2 || present.every((k) => spread[k]! < 1e-8)) return NaN;
  let sum = 0;
  for (const a of present) {
    let worst = 0;
    for (const b of present) {
      if (a === b) continue;
      let square = 0;
      for (let i = 0; i < dimension; i++) {
        square += (centres[a * dimension + i]! - centres[b * dimension + i]!) ** 2;
      }
      // Centres that coincide are left out, as there.
      if (square > 0) worst = Math.max(worst, (spread[a]! + spread[b]!) / Math.sqrt(square));
    }
    sum += worst;
  }
  return sum / present.length;
}
