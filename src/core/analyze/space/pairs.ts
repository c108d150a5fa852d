/**
 * What needs the cosine of every pair: the distribution of cosines, uniformity (Wang and Isola 2020, with their t = 2),
 * and the silhouette by Euclidean distance. Of many notes, a sample is measured against all of them.
 */
import { createRandom } from '../../base/random.js';
import type { Measure } from './bootstrap.js';
import type { Space } from './space.js';
import type { Tile } from './tiles.js';

/** Notes that are measured against all notes; all of them, if there are no more. */
export const mostMeasured = 10_000;

/** Bars of the histograms, of equal width over [-1, 1]. */
export const bars = 100;

export interface PairStatistics {
  /** Ordered pairs of measured notes with others, by cosine [bars]: of one category, of two. */
  readonly within: Float64Array;
  readonly between: Float64Array;
  /** [notes]: mean of exp(-2 distance^2) over the other notes; NaN where it was not measured. */
  readonly potentials: Float64Array;
  /** [notes, categories]: mean Euclidean distance to the other notes of each; NaN as above. */
  readonly distances: Float64Array;
  readonly measured: number;
}

export function pairCollector(
  { count, categories, names }: Space,
  seed: number,
): { readonly statistics: () => PairStatistics; add(tile: Tile): void } {
  const classes = names.length;
  const isMeasured = sampled(count, seed);
  const within = new Float64Array(bars);
  const between = new Float64Array(bars);
  const potentials = new Float64Array(count).fill(NaN);
  const distances = new Float64Array(count * classes).fill(NaN);
  const sizes = new Float64Array(classes);
  for (const category of categories) if (category >= 0) sizes[category]!++;
  for (let note = 0; note < count; note++) {
    if (isMeasured[note] === 0) continue;
    potentials[note] = 0;
    distances.fill(0, note * classes, (note + 1) * classes);
  }
  return {
    add({ query, queries, row, rows, values, stride, offset }) {
      for (let q = 0; q < queries; q++) {
        const note = query + q;
        if (isMeasured[note] === 0) continue;
        const own = categories[note]!;
        const from = offset + q * stride;
        let potential = 0;
        for (let r = 0; r < rows; r++) {
          if (row + r === note) continue;
          const cosine = values[from + r]!;
          potential += Math.exp(4 * cosine - 4);
          const category = categories[row + r]!;
          if (category < 0) continue;
          const square = 2 - 2 * cosine;
          if (square > 0) distances[note * classes + category]! += Math.sqrt(square);
          if (own < 0) continue;
          const bar = Math.min(bars - 1, Math.max(0, Math.floor(((cosine + 1) * bars) / 2)));
          if (category === own) within[bar]!++;
          else between[bar]!++;
        }
        potentials[note]! += potential;
      }
    },
    statistics: () => ({
      within,
      between,
      potentials: potentials.map((sum) => (count > 1 ? sum / (count - 1) : NaN)),
      distances: distances.map((sum, i) => {
        const k = i % classes;
        const others = sizes[k]! - (categories[Math.floor(i / classes)] === k ? 1 : 0);
        return others > 0 ? sum / others : NaN;
      }),
      measured: isMeasured.reduce((sum, value) => sum + value, 0),
    }),
  };
}

/** [notes]: 1 for the notes that are measured. */
function sampled(count: number, seed: number): Uint8Array {
  if (count <= mostMeasured) return new Uint8Array(count).fill(1);
  const chosen = new Uint8Array(count);
  const random = createRandom(seed, 'measured notes');
  const places = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < mostMeasured; i++) {
    const j = i + random.integer(count - i);
    [places[i], places[j]] = [places[j]!, places[i]!];
    chosen[places[i]!] = 1;
  }
  return chosen;
}

/**
 * The logarithm of the mean potential of all pairs; the lower, the more evenly notes are spread. Its interval is of
 * first order, as for any mean over pairs: a note's mean over the others stays as it is among all notes.
 */
export function uniformityMeasure(potentials: Float64Array): Measure {
  const known = potentials.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return (weights) => {
    let [sum, total] = [0, 0];
    for (let note = 0; note < potentials.length; note++) {
      const value = potentials[note]!;
      if (Number.isNaN(value)) continue;
      sum += weights[note]! * value;
      total += weights[note]!;
    }
    return { uniformity: Math.log((2 * sum) / total - mean) };
  };
}
