/**
 * Silhouettes by cosine distance, without looking at pairs: a note's mean distance to a class is 1 minus its product
 * with the class's mean (Rousseeuw, "Silhouettes", 1987; scikit-learn's `silhouette_score` with metric "cosine").
 */
import type { Measure } from '../space/bootstrap.js';
import { classSums } from '../space/classSums.js';
import type { Space } from '../space/space.js';

/** Mean cosine distance of each note to each class [notes, classes], itself left out; NaN where there is no other. */
export function classDistances(space: Space, labels: Int32Array, classes: number): Float64Array {
  const { vectors, dimension, count } = space;
  const { sums, weights } = classSums(space, labels, classes, new Int32Array(count).fill(1));
  const distances = new Float64Array(count * classes);
  for (let note = 0; note < count; note++) {
    const from = note * dimension;
    for (let k = 0; k < classes; k++) {
      let product = 0;
      let own = 0;
      for (let i = 0; i < dimension; i++) {
        product += vectors[from + i]! * sums[k * dimension + i]!;
      }
      const isOwn = labels[note] === k;
      if (isOwn) {
        for (let i = 0; i < dimension; i++) own += vectors[from + i]! * vectors[from + i]!;
      }
      const others = weights[k]! - (isOwn ? 1 : 0);
      distances[note * classes + k] = others > 0 ? 1 - (product - own) / others : NaN;
    }
  }
  return distances;
}

/**
 * Silhouette of each note [notes]; 0 for a note alone in its class, as in scikit-learn, NaN for one without a class.
 *
 * @param distances mean distances to each class [notes, classes]
 */
export function silhouettes(
  distances: Float64Array,
  labels: Int32Array,
  classes: number,
): Float64Array {
  return Float64Array.from(labels, (label, note) => {
    if (label < 0) return NaN;
    const own = distances[note * classes + label]!;
    let other = Infinity;
    for (let k = 0; k < classes; k++) {
      const distance = distances[note * classes + k]!;
      if (k !== label && distance < other) other = distance;
    }
    return other === Infinity ? NaN : silhouette(own, other);
  });
}

/** Name of a pair's separation among a measure's figures. */
export const separationName = (a: number, b: number): string => `separation ${a} ${b}`;

/**
 * How far each two of the classes are apart: the mean over both of their notes' silhouettes with these two classes
 * alone. 1 is far apart, 0 not at all; unlike a difference of cosines, it can be compared between models.
 */
export function separationMeasure(
  distances: Float64Array,
  labels: Int32Array,
  classes: number,
  shown: readonly number[],
): Measure {
  const position = new Int32Array(classes).fill(-1);
  shown.forEach((k, i) => (position[k] = i));
  const size = shown.length;
  const notes = [...labels.keys()].filter((note) => (position[labels[note]!] ?? -1) >= 0);
  // [notes that are shown, shown classes]
  const values = new Float64Array(notes.length * size);
  notes.forEach((note, row) => {
    const own = distances[note * classes + labels[note]!]!;
    shown.forEach((k, i) => {
      values[row * size + i] = silhouette(own, distances[note * classes + k]!);
    });
  });
  return (weights) => {
    const sums = new Float64Array(size * size);
    const counts = new Float64Array(size);
    notes.forEach((note, row) => {
      const weight = weights[note]!;
      if (weight === 0) return;
      const own = position[labels[note]!]!;
      counts[own]! += weight;
      for (let i = 0; i < size; i++) sums[own * size + i]! += weight * values[row * size + i]!;
    });
    const figures: Record<string, number> = {};
    shown.forEach((a, i) => {
      shown.forEach((b, j) => {
        if (j <= i) return;
        const [ofA, ofB] = [sums[i * size + j]! / counts[i]!, sums[j * size + i]! / counts[j]!];
        figures[separationName(a, b)] = (ofA + ofB) / 2;
      });
    });
    return figures;
  };
}

/** A mean of values that notes have whatever the others are; notes without a value do not count. */
export function meanMeasure(name: string, values: Float64Array): Measure {
  return (weights) => {
    let [sum, count] = [0, 0];
    for (let note = 0; note < values.length; note++) {
      const value = values[note]!;
      if (Number.isNaN(value)) continue;
      sum += weights[note]! * value;
      count += weights[note]!;
    }
    return { [name]: count === 0 ? NaN : sum / count };
  };
}

function silhouette(own: number, other: number): number {
  if (Number.isNaN(own)) return 0;
  const most = Math.max(own, other);
  // Notes that do not differ, up to rounding, are neither here nor there.
  return most > 1e-9 ? (other - own) / most : 0;
}
