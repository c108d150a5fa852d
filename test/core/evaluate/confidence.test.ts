import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { bootstrap } from '../../../src/core/evaluate/confidence/bootstrap.js';
import { contrast, holm, percentileInterval } from '../../../src/core/base/intervals.js';
import { mcNemar } from '../../../src/core/evaluate/confidence/mcNemar.js';
import { givenResamples, randomResamples } from '../../../src/core/base/resamples.js';
import { classificationFigures, measure } from '../../../src/core/evaluate/metrics/figures.js';
import { createTestSet } from '../../../src/core/evaluate/metrics/testSet.js';
import type { Prediction, TestSet } from '../../../src/core/evaluate/metrics/testSet.js';
import { golden, predictionOf } from './golden.js';

describe('The bootstrap', () => {
  const { bootstrap: given } = golden;
  const test = createTestSet('one', Int32Array.from(given.actual), given.classes);
  const models = given.models.map((runs) => runs.map(predictionOf));
  const resamples = givenResamples(given.documents, given.seeds);

  it('equals numpy for given resamples of documents and seeds', async () => {
    const resampled = await bootstrap(test, models, { resamples, perClass: true });
    resampled.forEach((values, model) => {
      given.macroF1[model]!.forEach((wanted, i) => {
        expect(Math.abs(values.figures.macroF1![i]! - wanted)).toBeLessThan(1e-12);
      });
      for (const name of classificationFigures) {
        const [low, high] = given.intervals[model]![name];
        const interval = percentileInterval(values.figures[name]!)!;
        expect(Math.abs(interval.low - low)).toBeLessThan(1e-12);
        expect(Math.abs(interval.high - high)).toBeLessThan(1e-12);
      }
    });
    given.classF1.forEach(([low, high], k) => {
      const interval = percentileInterval(resampled[0]!.classes[k]!.f1)!;
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    });
    for (const { a, b, observed, interval, p } of given.contrasts) {
      const [ofA, ofB] = [resampled[a]!.figures.macroF1!, resampled[b]!.figures.macroF1!];
      const found = contrast(
        meanMacroF1(test, models[a]!) - meanMacroF1(test, models[b]!),
        ofA,
        ofB,
      );
      expect(found.difference.mean).toBeCloseTo(observed, 12);
      expect(found.difference.low).toBeCloseTo(interval[0], 12);
      expect(found.difference.high).toBeCloseTo(interval[1], 12);
      expect(found.p).toBeCloseTo(p, 12);
    }
  });

  it('draws the same documents for models that are measured one by one', async () => {
    const random = randomResamples(3, null, 50);
    const options = { resamples: random, figures: ['macroF1'] as const };
    const together = await bootstrap(test, models, options);
    const [alone] = await bootstrap(test, [models[1]!], options);
    expect(alone).toEqual(together[1]);
    const [other] = await bootstrap(test, [models[1]!], {
      ...options,
      resamples: randomResamples(4, null, 50),
    });
    expect(other).not.toEqual(alone);
  });

  it('draws groups whole', () => {
    const groups = Int32Array.of(0, 1, 1, 0, 2, 1);
    const random = randomResamples(1, groups, 20);
    const weights = new Int32Array(6);
    const sizes = new Set<number>();
    for (let index = 0; index < 20; index++) {
      random.drawDocuments(index, weights);
      expect([weights[3], weights[2], weights[5]]).toEqual([weights[0], weights[1], weights[1]]);
      expect(weights[0]! + weights[1]! + weights[4]!).toBe(3);
      sizes.add(weights.reduce((sum, weight) => sum + weight, 0));
    }
    expect(sizes.size).toBeGreaterThan(2);
  });

  it('is wider with seeds that differ than with one of them', async () => {
    const random = createRandom(5, 'labels');
    const actual = Int32Array.from({ length: 400 }, () => random.integer(2));
    const many = createTestSet('one', actual, 2);
    const runs = [0.5, 0.6, 0.7, 0.8, 0.9].map((rate) =>
      runOf(many, () => rate, random.fork(`${rate}`)),
    );
    const options = { resamples: randomResamples(1, null, 500), figures: ['macroF1'] as const };
    const [all, one] = await bootstrap(many, [runs, [runs[2]!]], options);
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    expect(width(percentileInterval(all!.figures.macroF1!)!)).toBeGreaterThan(
      1.5 * width(percentileInterval(one!.figures.macroF1!)!),
    );
  });

  it('stops when it is asked to', async () => {
    const signal = AbortSignal.abort();
    await expect(bootstrap(test, models, { resamples, signal })).rejects.toThrow('Cancelled');
  });

  it('finds a planted gain of 5 points, and seldom what is not there', async () => {
    let [falseFindings, found] = [0, 0];
    for (let seed = 0; seed < 100; seed++) {
      const random = createRandom(seed, 'synthetic');
      // 1,000 documents in groups of 1 to 7; some groups are harder than others for every model.
      const groups: number[] = [];
      for (let group = 0; groups.length < 1000; group++) {
        for (let size = 1 + random.integer(7); size > 0 && groups.length < 1000; size--)
          groups.push(group);
      }
      const actual = Int32Array.from(groups, () => random.integer(4));
      const synthetic = createTestSet('one', actual, 4);
      const hardness = groups.map((group) => 0.1 * (random.fork('group', group).next() - 0.5));
      const model = (rate: number, name: string): Prediction[] => [
        runOf(synthetic, (i) => rate + hardness[i]!, random.fork(name)),
      ];
      const [base, equal, better] = [
        model(0.8, 'base'),
        model(0.8, 'equal'),
        model(0.85, 'better'),
      ];
      const [ofBase, ofEqual, ofBetter] = await bootstrap(synthetic, [base, equal, better], {
        resamples: randomResamples(seed, Int32Array.from(groups), 1000),
        figures: ['macroF1'],
      });
      if (contrast(0, ofEqual!.figures.macroF1!, ofBase!.figures.macroF1!).p < 0.05)
        falseFindings++;
      const gain = contrast(0, ofBetter!.figures.macroF1!, ofBase!.figures.macroF1!);
      if (gain.p < 0.05 && gain.difference.low > 0) found++;
    }
    expect(falseFindings).toBeLessThanOrEqual(10);
    expect(found).toBeGreaterThanOrEqual(80);
  });
});

describe('p-values', () => {
  it('of McNemar equal statsmodels', () => {
    for (const { onlyFirst, onlySecond, exactP, statistic, p } of golden.mcnemar) {
      const first = [...same(true, onlyFirst), ...same(false, onlySecond), ...same(true, 30)];
      const second = [...same(false, onlyFirst), ...same(true, onlySecond), ...same(true, 30)];
      const found = mcNemar(first, second);
      expect([found.onlyFirst, found.onlySecond]).toEqual([onlyFirst, onlySecond]);
      expect(Math.abs(found.exactP - exactP)).toBeLessThan(1e-12);
      expect(found.chiSquared.statistic).toBeCloseTo(statistic, 10);
      expect(Math.abs(found.chiSquared.p - p)).toBeLessThan(1e-12);
    }
  });

  it('of models that are right on the same documents are 1', () => {
    const { exactP, chiSquared } = mcNemar([true, false], [true, false]);
    expect([exactP, chiSquared.p]).toEqual([1, 1]);
  });

  it('after Holm equal statsmodels', () => {
    const { p, adjusted } = golden.holm;
    holm(p).forEach((value, i) => expect(value).toBeCloseTo(adjusted[i]!, 14));
    expect(holm([])).toEqual([]);
  });
});

function same(value: boolean, count: number): boolean[] {
  return Array.from({ length: count }, () => value);
}

function meanMacroF1(test: TestSet, runs: readonly Prediction[]): number {
  return runs.reduce((sum, run) => sum + measure(test, run).figures.macroF1!, 0) / runs.length;
}

/** A run that is right at a rate that may depend on the document, and else says another class. */
function runOf(
  { actual, classes }: TestSet,
  rate: (document: number) => number,
  random: ReturnType<typeof createRandom>,
): Prediction {
  const predicted = Int32Array.from(actual, (is, i) =>
    random.next() < rate(i) ? is : (is + 1 + random.integer(classes - 1)) % classes,
  );
  return { predicted, probabilities: null };
}
