/**
 * Hubness: how unevenly notes occur among the nearest of others (Radovanovic, Nanopoulos and Ivanovic, "Hubs in
 * space", 2010). A hub is near to nearly everything, and turns up in every search.
 */
import type { Measure } from '../space/bootstrap.js';
import type { NeighbourLists } from './neighbourLists.js';

/** How often each note is among the neighbours of others [notes]. */
export function occurrences({ count, notes }: NeighbourLists): Int32Array {
  const found = new Int32Array(count);
  for (const note of notes) found[note]!++;
  return found;
}

/** Skewness of the occurrences: 0 is even, above 1 marked; NaN where all are equal. */
export function hubnessMeasure(found: Int32Array): Measure {
  return (weights) => {
    let [total, mean] = [0, 0];
    for (let i = 0; i < found.length; i++) {
      total += weights[i]!;
      mean += weights[i]! * found[i]!;
    }
    mean /= total;
    let [second, third] = [0, 0];
    for (let i = 0; i < found.length; i++) {
      const away = found[i]! - mean;
      second += weights[i]! * away * away;
      third += weights[i]! * away * away * away;
    }
    const variance = second / total;
    return { hubness: variance > 1e-12 ? third / total / variance ** 1.5 : NaN };
  };
}
