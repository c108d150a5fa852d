/** The measures that follow from the sums of each category's vectors: no pair of notes is looked at. */
import { calinskiHarabasz, daviesBouldin } from '../clusters/dispersion.js';
import type { Measure } from './bootstrap.js';
import { classSums } from './classSums.js';
import { cosineFigures, heatMapFigures } from './cosine.js';
import type { Space } from './space.js';

/** @param shown categories of the heat map */
export function vectorMeasures(space: Space, shown: readonly number[]): Measure {
  const { categories, names } = space;
  return (weights) => {
    const sums = classSums(space, categories, names.length, weights);
    return {
      ...cosineFigures(sums),
      ...heatMapFigures(sums, shown),
      calinskiHarabasz: calinskiHarabasz(sums),
      daviesBouldin: daviesBouldin(space, categories, sums, weights),
    };
  };
}
