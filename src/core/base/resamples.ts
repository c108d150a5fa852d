/**
 * Bootstrap resamples: documents, or whole groups where they are known, drawn with replacement, and seeds drawn
 * with them, so that an interval holds both how few the documents are and how much a sample of labels matters
 * (Owen, "The pigeonhole bootstrap", 2007).
 */
import { createRandom } from './random.js';

/** A draw depends only on its index: models are compared on the same resamples, and can be measured one by one. */
export interface Resamples {
  readonly count: number;
  /** Writes how often a resample holds each document [documents]. */
  drawDocuments(index: number, weights: Int32Array): void;
  /** Writes how often a resample holds each seed [seeds]. */
  drawSeeds(index: number, weights: Int32Array): void;
}

/** Fewer leave the ends of an interval to chance. */
export const usualResamples = 10_000;

/**
 * @param groups number of the group of each document, from 0 on without gaps; `null` if each document stands for
 * itself
 */
export function randomResamples(
  seed: number,
  groups: Int32Array | null,
  count = usualResamples,
): Resamples {
  const groupCount =
    groups === null ? 0 : groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  const groupWeights = new Int32Array(groupCount);
  const draw = (part: string, index: number, weights: Int32Array): void => {
    const random = createRandom(seed, 'bootstrap', part, index);
    weights.fill(0);
    const { length } = weights;
    // Of 2^32 numbers: uniform to a part in a million, and thrice as fast as `integer`.
    for (let i = 0; i < length; i++) weights[Math.floor(random.next() * length)]!++;
  };
  return {
    count,
    drawDocuments(index, weights) {
      if (groups === null) {
        draw('documents', index, weights);
        return;
      }
      draw('documents', index, groupWeights);
      for (let i = 0; i < weights.length; i++) weights[i] = groupWeights[groups[i]!]!;
    },
    drawSeeds: (index, weights) => draw('seeds', index, weights),
  };
}

/** Resamples by positions that are given. */
export function givenResamples(
  documents: readonly (readonly number[])[],
  seeds: readonly (readonly number[])[],
): Resamples {
  const count = (positions: readonly number[] | undefined, weights: Int32Array): void => {
    if (positions === undefined) throw new RangeError('there is no such resample');
    weights.fill(0);
    for (const position of positions) weights[position]!++;
  };
  return {
    count: documents.length,
    drawDocuments: (index, weights) => count(documents[index], weights),
    drawSeeds: (index, weights) => count(seeds[index], weights),
  };
}
