import { afterEach, describe, expect, it } from 'vitest';
import { Cancelled, UserError } from '../../../src/core/base/errors.js';
import { createRandom } from '../../../src/core/base/random.js';
import { chooseC, regularisationGrids } from '../../../src/core/evaluate/logistic/chooseC.js';
import { denseMatrix, sparseMatrix } from '../../../src/core/evaluate/logistic/featureMatrix.js';
import type { FeatureMatrix } from '../../../src/core/evaluate/logistic/featureMatrix.js';
import { gemmMatrix } from '../../../src/core/evaluate/logistic/gemmMatrix.js';
import {
  classProbabilities,
  fitLogisticRegression,
} from '../../../src/core/evaluate/logistic/logisticRegression.js';
import {
  fitMultiLabel,
  labelProbabilities,
} from '../../../src/core/evaluate/logistic/multiLabel.js';
import golden from '../../golden/evaluate/logistic.json' with { type: 'json' };
import { sparseRows } from './sparseRows.js';

const tight = { tolerance: 1e-10, mostIterations: 100_000 };

function largestDifference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
}

const released: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const release of released.splice(0)) await release();
});

const matrices: Readonly<Record<string, (values: number[], columns: number) => FeatureMatrix>> = {
  'dense rows': (values, columns) => denseMatrix(Float64Array.from(values), columns),
  'sparse rows': (values, columns) => sparseMatrix(sparseRows(values, columns)),
};

describe.each(Object.entries(matrices))('fitLogisticRegression on %s', (_, matrix) => {
  it.each(golden.problems)('agrees with scikit-learn: $name', async (problem) => {
    const { classes, columns, c, classWeight } = problem;
    const labels = Int32Array.from(problem.labels);
    const options = {
      classes,
      c,
      classWeight: classWeight === null ? null : 'balanced',
      ...tight,
    } as const;
    const model = await fitLogisticRegression(matrix(problem.values, columns), labels, options);
    expect(largestDifference(model.coefficients, problem.coefficients)).toBeLessThan(1e-4);
    expect(largestDifference(model.intercepts, problem.intercepts)).toBeLessThan(1e-4);
    const probabilities = await classProbabilities(model, matrix(problem.others, columns));
    expect(largestDifference(probabilities, problem.probabilities)).toBeLessThan(1e-6);
  });
});

describe.each(Object.entries(matrices))('The products of few %s', (_, matrix) => {
  it('stand for the rows: the same model in as many steps, or nearly', async () => {
    const [rows, columns, classes] = [24, 90, 3];
    const random = createRandom(3);
    const values = Array.from({ length: rows * columns }, () =>
      random.next() < 0.6 ? 0 : random.normal(),
    );
    const labels = Int32Array.from({ length: rows }, (_row, i) => i % classes);
    const features = matrix(values, columns);
    const { rowProducts, ...plain } = features;
    expect(rowProducts).toBeDefined();
    for (const c of [0.01, 1, 1000]) {
      const fit = (of: FeatureMatrix) =>
        fitLogisticRegression(of, labels, { classes, c, tolerance: 1e-9, mostIterations: 10_000 });
      const [fast, slow] = [await fit(features), await fit(plain)];
      expect(fast.stopped).toBe('tolerance');
      expect(Math.abs(fast.iterations - slow.iterations)).toBeLessThan(4);
      expect(largestDifference(fast.coefficients, [...slow.coefficients])).toBeLessThan(1e-6);
    }
  });
});

describe('fitLogisticRegression', () => {
  const problem = golden.problems[0]!;
  const features = denseMatrix(Float64Array.from(problem.values), problem.columns);
  const labels = Int32Array.from(problem.labels);
  const options = { classes: problem.classes, c: 1 };

  it('gives the same digits again', async () => {
    const once = await fitLogisticRegression(features, labels, options);
    expect(await fitLogisticRegression(features, labels, options)).toEqual(once);
  });

  it('gives classes that training lacked the probability 0, and fits as if they were not listed', async () => {
    const [plain, listed] = [
      await fitLogisticRegression(features, labels, options),
      await fitLogisticRegression(
        features,
        labels.map((label) => label + Number(label > 1)),
        {
          ...options,
          classes: problem.classes + 2,
        },
      ),
    ];
    expect(listed.coefficients).toEqual(plain.coefficients);
    const rows = problem.classes + 2;
    const probabilities = await classProbabilities(listed, features);
    const expected = await classProbabilities(plain, features);
    for (let row = 0; row < features.rows; row++) {
      const own = [...probabilities.subarray(row * rows, (row + 1) * rows)];
      const [a, b, c, d] = expected.subarray(row * problem.classes, (row + 1) * problem.classes);
      expect(own).toEqual([a, b, 0, c, d, 0]);
    }
  });

  it('refuses notes of one class in one sentence', async () => {
    const same = labels.map(() => 2);
    await expect(fitLogisticRegression(features, same, options)).rejects.toThrow(UserError);
  });

  it('stops on request, and lets others have the processor in between', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const fitting = fitLogisticRegression(features, labels, {
      ...options,
      ...tight,
      signal: controller.signal,
    });
    await expect(fitting).rejects.toThrow(Cancelled);
  });

  it('says when it ran out of iterations', async () => {
    const model = await fitLogisticRegression(features, labels, { ...options, mostIterations: 3 });
    expect(model).toMatchObject({ iterations: 3, stopped: 'iterations' });
  });

  it('ends on classes that a line separates, however weak the penalty', async () => {
    const apart = denseMatrix(Float64Array.from([-2, -1, 1, 2]), 1);
    const model = await fitLogisticRegression(apart, Int32Array.of(0, 0, 1, 1), {
      classes: 2,
      c: 1e6,
      ...tight,
    });
    expect(model.stopped).not.toBe('iterations');
    expect(model.coefficients[0]).toBeGreaterThan(5);
  });
});

describe('gemmMatrix', () => {
  const [rows, columns, classes] = [600, 24, 3];
  const random = createRandom(4, 'gemm');
  const centres = Array.from({ length: classes * columns }, () => 0.4 * random.normal());
  const labels = Int32Array.from({ length: rows }, () => random.integer(classes));
  const values = Float32Array.from(
    { length: rows * columns },
    (_, i) =>
      centres[labels[Math.floor(i / columns)]! * columns + (i % columns)]! + random.normal(),
  );

  it('fits what plain float64 loops fit', async () => {
    const gemm = gemmMatrix(values, columns, { threads: 2 });
    released.push(() => gemm.release());
    for (const c of [0.01, 1, 100]) {
      const options = { classes, c, ...tight };
      const fast = await fitLogisticRegression(gemm, labels, options);
      const plain = await fitLogisticRegression(denseMatrix(values, columns), labels, options);
      expect(largestDifference(fast.coefficients, [...plain.coefficients])).toBeLessThan(1e-5);
      expect(largestDifference(fast.intercepts, [...plain.intercepts])).toBeLessThan(1e-5);
    }
  });

  it('multiplies rows that fill no block', async () => {
    const few = gemmMatrix(values.subarray(0, 5 * columns), columns, { threads: 1 });
    released.push(() => few.release());
    const [coefficients, ours, plain] = [
      Float64Array.from({ length: columns }, (_, i) => i / 7),
      new Float64Array(5),
      new Float64Array(5),
    ];
    await few.multiply(coefficients, 1, ours);
    await denseMatrix(values.subarray(0, 5 * columns), columns).multiply(coefficients, 1, plain);
    expect(ours).toEqual(plain);
  });
});

describe('chooseC', () => {
  const problem = golden.problems[0]!;
  const features = denseMatrix(Float64Array.from(problem.values), problem.columns);
  const labels = Int32Array.from(problem.labels);
  const options = { classes: problem.classes, ...tight, grid: 'decades' } as const;

  it('keeps the best model, and of equals the one with the strongest penalty', async () => {
    const chosen = await chooseC(features, labels, {
      ...options,
      score: ({ c }) => (c < 1 ? 0.5 : c < 1000 ? 0.7 : 0.6),
    });
    expect(chosen.model.c).toBe(1);
    expect(chosen.tried.map(({ c }) => c)).toEqual(regularisationGrids.decades);
    expect(chosen.tried.map(({ score }) => score)).toEqual([
      0.5, 0.5, 0.5, 0.7, 0.7, 0.7, 0.6, 0.6,
    ]);
  });

  it('fits at each C what a fit from 0 does', async () => {
    const chosen = await chooseC(features, labels, { ...options, score: ({ c }) => c });
    const alone = await fitLogisticRegression(features, labels, { ...options, c: 1e4 });
    expect(largestDifference(chosen.model.coefficients, [...alone.coefficients])).toBeLessThan(
      1e-4,
    );
  });

  it('starts each fit from the one before', async () => {
    const chosen = await chooseC(features, labels, { ...options, score: () => 0 });
    let alone = 0;
    for (const c of regularisationGrids.decades) {
      alone += (await fitLogisticRegression(features, labels, { ...options, c })).iterations;
    }
    const along = chosen.tried.reduce((sum, { iterations }) => sum + iterations, 0);
    expect(along).toBeLessThan(alone);
  });
});

describe('fitMultiLabel', () => {
  const { rows, columns, labels, c, targets, values, others, probabilities } = golden.multiLabel;
  const features = denseMatrix(Float64Array.from(values), columns);
  const asked = denseMatrix(Float64Array.from(others), columns);

  it('fits one sigmoid for each label, as scikit-learn', async () => {
    const models = await fitMultiLabel(features, Uint8Array.from(targets), { labels, c, ...tight });
    expect(largestDifference(await labelProbabilities(models, asked), probabilities)).toBeLessThan(
      1e-6,
    );
  });

  it('gives a label that all notes have, or none, the probability 1 or 0', async () => {
    const constant = Uint8Array.from({ length: rows * 2 }, (_, i) => i % 2);
    const models = await fitMultiLabel(features, constant, { labels: 2, c });
    expect([...(await labelProbabilities(models, asked)).subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  });
});
