import { describe, expect, it } from 'vitest';
import {
  calibrationError,
  reliabilityCurve,
  statementsOf,
} from '../../../src/core/evaluate/metrics/calibration.js';
import { confusionMatrix } from '../../../src/core/evaluate/metrics/confusionMatrix.js';
import { classificationFigures, measure } from '../../../src/core/evaluate/metrics/figures.js';
import { createTestSet } from '../../../src/core/evaluate/metrics/testSet.js';
import { golden, predictionOf } from './golden.js';

function expectClose(value: number | null, wanted: number | null): void {
  if (wanted === null || value === null) expect(value).toBe(wanted);
  else expect(Math.abs(value - wanted)).toBeLessThan(1e-12);
}

describe('Figures of a classification', () => {
  it.each(golden.cases)('equal scikit-learn: $name', (given) => {
    const test = createTestSet(given.labels, Int32Array.from(given.actual), given.classes);
    expect(test.averaged).toEqual(given.averaged);
    const prediction = predictionOf(given);
    const { figures, classes } = measure(test, prediction);
    for (const name of classificationFigures) expectClose(figures[name], given.figures[name]);
    classes.forEach(({ precision, recall, f1, support }, k) => {
      [precision, recall, f1, support].forEach((value, i) => {
        expectClose(value, given.perClass[k]![i]!);
      });
    });
    if (given.confusion !== null) {
      expect([...confusionMatrix(test, [prediction.predicted])]).toEqual(given.confusion);
    }
    const statements = statementsOf(test, prediction.probabilities!, prediction.predicted);
    reliabilityCurve([statements]).forEach(({ count, meanConfidence, shareRight }, bin) => {
      const [wantedCount, wantedConfidence, wantedRight] = given.curve[bin]!;
      expect(count).toBe(wantedCount);
      expectClose(meanConfidence, wantedConfidence);
      expectClose(shareRight, wantedRight);
    });
  });

  it('without probabilities has no AUROC and no calibration', () => {
    const test = createTestSet('one', Int32Array.of(0, 1, 1), 2);
    const { figures } = measure(test, { predicted: Int32Array.of(0, 1, 0), probabilities: null });
    expect(figures).toMatchObject({ macroAuroc: null, calibrationError: null, accuracy: 2 / 3 });
  });

  it('refuses predictions that do not fit the test set', () => {
    const test = createTestSet('one', Int32Array.of(0, 1, 1), 2);
    const said = (...predicted: number[]) => ({
      predicted: Int32Array.from(predicted),
      probabilities: null,
    });
    expect(() => measure(test, said(0, 1))).toThrow(RangeError);
    expect(() => measure(test, said(0, 1, 2))).toThrow(RangeError);
    const probabilities = Float64Array.of(0.5, 0.5, 0, 1, NaN, 1);
    expect(() => measure(test, { ...said(0, 1, 1), probabilities })).toThrow('not in [0, 1]');
    expect(() => createTestSet('one', new Int32Array(0), 2)).toThrow(RangeError);
    expect(() => createTestSet('several', Uint8Array.of(0, 2), 2)).toThrow(RangeError);
  });

  it('puts a confidence at the edge of a bin into the lower one', () => {
    const test = createTestSet('several', Uint8Array.of(0, 1, 1, 1), 4);
    const probabilities = Float64Array.of(0, 1 / 15, 0.2, 1);
    const statements = statementsOf(test, probabilities, Uint8Array.of(0, 0, 0, 1));
    const counts = reliabilityCurve([statements]).map(({ count }) => count);
    expect(counts).toEqual([2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    // The two statements of the first bin are judged together: one of two is true, 1/30 was said.
    const wanted = (Math.abs(1 - 1 / 15) + 0.8) / 4;
    expect(calibrationError(statements, Int32Array.of(1))).toBeCloseTo(wanted, 14);
  });
});
