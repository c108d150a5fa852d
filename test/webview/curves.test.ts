import { expect, test } from 'vitest';
import { appendLines, emptyCurves, timeLeft } from '../../webview/shared/curves.js';
import { metrics, runningRun } from './scenes.js';

test('lines go to the curves that they have a figure for', () => {
  const curves = appendLines(emptyCurves(), metrics(100, 20));
  expect(curves.loss.x).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  expect(curves.heldOut.x).toEqual([0, 20, 40, 60, 80, 100]);
  expect(curves.memory.y.at(-1)).toBe(612_000_000);
});

test('a step in which nothing could be compared leaves no mark on the loss', () => {
  const lines = metrics(10, 20).map((line) =>
    line.step === 4 && line.loss !== null ? { ...line, loss: 0, losses: {} } : line,
  );
  expect(appendLines(emptyCurves(), lines).loss.x).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10]);
});

test('steps that a resumed run writes again replace the old ones', () => {
  const first = metrics(10, 50);
  const curves = appendLines(emptyCurves(), first);
  appendLines(
    curves,
    first.filter((line) => line.step >= 7).map((line) => ({ ...line, loss: 1 })),
  );
  expect(curves.loss.x).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(curves.loss.y.slice(6)).toEqual([1, 1, 1, 1]);
});

test('the time left follows the pace of the steps, not the pauses between them', () => {
  const lines = metrics(100, 20).map((line) =>
    line.step >= 60 ? { ...line, time: line.time + 3_600_000 } : line,
  );
  const curves = appendLines(emptyCurves(), lines);
  const left = timeLeft(curves, { phase: 'Training', done: 100, total: 300, unit: 'steps' });
  expect(left).toBeCloseTo(200 * 420);
});

test('no time is promised without a total or after too few steps', () => {
  const few = appendLines(emptyCurves(), metrics(2, 20));
  expect(timeLeft(few, runningRun.progress)).toBeNull();
  const many = appendLines(emptyCurves(), metrics(50, 20));
  expect(timeLeft(many, null)).toBeNull();
  expect(timeLeft(many, { phase: 'Reading', done: 1, total: null, unit: 'notes' })).toBeNull();
});
