import { describe, expect, it } from 'vitest';
import { nearestNeighbourCategoryAccuracy } from '../../../src/core/analyze/neighbours.js';
import golden from '../../golden/analysis/analysis.json' with { type: 'json' };

const { dimension, categories, groups } = golden;
const vectors = Float32Array.from(golden.vectors);

describe('nearestNeighbourCategoryAccuracy', () => {
  it('agrees with scikit-learn', () => {
    const asked = categories.filter((category) => category !== null).length;
    const alone = nearestNeighbourCategoryAccuracy({ vectors, dimension, categories });
    expect(alone).toEqual({ accuracy: golden.accuracy.alone, documents: asked });
    const apart = nearestNeighbourCategoryAccuracy({ vectors, dimension, categories, groups });
    expect(apart).toEqual({ accuracy: golden.accuracy.groups, documents: asked });
    expect(golden.accuracy.groups).not.toBe(golden.accuracy.alone);
  });

  it('asks nobody who has nobody to answer', () => {
    const question = { vectors: Float32Array.of(1, 0, 0, 1), dimension: 2 };
    expect(nearestNeighbourCategoryAccuracy({ ...question, categories: ['a', null] })).toEqual({
      accuracy: null,
      documents: 0,
    });
    const groups = ['p', 'p'];
    expect(
      nearestNeighbourCategoryAccuracy({ ...question, categories: ['a', 'a'], groups }),
    ).toEqual({ accuracy: null, documents: 0 });
  });
});
