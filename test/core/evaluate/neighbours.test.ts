import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.js';
import { nearestVotes } from '../../../src/core/evaluate/neighbours/kNearest.js';
import { majorityProbabilities } from '../../../src/core/evaluate/majority.js';
import {
  centroidScores,
  fitCentroids,
} from '../../../src/core/evaluate/neighbours/nearestCentroid.js';
import { fitScaling, scaled } from '../../../src/core/evaluate/logistic/standardScaling.js';
import golden from '../../golden/evaluate/neighbours.json' with { type: 'json' };

const { columns, classes } = golden;
const values = Float32Array.from(golden.values);
const queries = Float32Array.from(golden.queries);
const labels = Int32Array.from(golden.labels);

function expectClose(ours: ArrayLike<number>, theirs: readonly number[], digits: number): void {
  expect(ours.length).toBe(theirs.length);
  theirs.forEach((value, i) => {
    expect(ours[i]).toBeCloseTo(value, digits);
  });
}

function likeliest(scores: Float64Array): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}

describe('nearestVotes', () => {
  const question = { values, columns, labels, classes, queries };

  it.each(golden.kNearest)('agrees with scikit-learn for k = $k', async (expected) => {
    const votes = await nearestVotes({ ...question, k: expected.k });
    expectClose(votes, expected.probabilities, 12);
    // Four voters tie now and then: the first of the tied classes wins.
    expect(likeliest(votes)).toEqual(expected.classes);
  });

  it('leaves out rows that may not answer', async () => {
    const own = { ...question, queries: values, k: 1 };
    const itself = await nearestVotes(own);
    expect(likeliest(itself)).toEqual([...labels]);
    const others = await nearestVotes({ ...own, excluded: (query, row) => query === row });
    expect(likeliest(others)).not.toEqual([...labels]);
    const none = await nearestVotes({ ...own, excluded: () => true });
    expect(none.every((vote) => vote === 0)).toBe(true);
  });

  it('takes the earlier of equally near rows', async () => {
    const same = Float32Array.of(1, 0, 1, 0, 0, 1);
    const tied = { values: same, columns: 2, classes: 2, queries: Float32Array.of(2, 0), k: 1 };
    expect([...(await nearestVotes({ ...tied, labels: Int32Array.of(1, 0, 0) }))]).toEqual([0, 1]);
  });

  it('stops on request', async () => {
    const signal = AbortSignal.abort();
    await expect(nearestVotes({ ...question, k: 1, signal })).rejects.toThrow(Cancelled);
  });
});

describe('centroidScores', () => {
  it('agrees with the centroids of scikit-learn', () => {
    const centroids = fitCentroids(values, columns, labels, classes);
    expectClose(centroidScores(centroids, queries), golden.centroidCosines, 12);
  });

  it('never names a class that training lacked', () => {
    const scores = centroidScores(fitCentroids(values, columns, labels, classes + 1), queries);
    expect(scores.filter((_, i) => i % (classes + 1) === classes)).toEqual(
      new Float64Array(queries.length / columns).fill(-Infinity),
    );
  });
});

describe('scaling', () => {
  it('agrees with scikit-learn, a column that does not vary included', () => {
    const scaling = fitScaling(values, columns);
    expectClose(scaling.means, golden.scaling.means, 10);
    expectClose(scaling.deviations, golden.scaling.deviations, 10);
    expectClose(scaled(scaling, queries), golden.scaling.scaled, 5);
  });
});

describe('majorityProbabilities', () => {
  it('gives every note the shares of the training notes', () => {
    const shares = majorityProbabilities(Int32Array.of(2, 0, 2, 2), 3, 2);
    expect([...shares]).toEqual([0.25, 0, 0.75, 0.25, 0, 0.75]);
  });
});
