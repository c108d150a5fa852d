import { expect, test } from 'vitest';
import {
  range,
  smooth,
  smoothCurve,
  thin,
  union,
} from '../../../src/core/report/drawing/series.js';

test('smoothing is the mean of the values around, without those that are not finite', () => {
  expect([...smooth([1, 2, 3, 4], 1)]).toEqual([1.5, 2, 3, 3.5]);
  expect([...smooth([1, NaN, 3], 1)]).toEqual([1, 2, 3]);
  expect([...smooth([], 3)]).toEqual([]);
});

test('thinning keeps every spike and the order of x', () => {
  const count = 20_000;
  const y = Array.from({ length: count }, (_, i) => (i === 12_345 ? 99 : i === 678 ? -99 : i % 7));
  const thinned = thin({ x: y.map((_, i) => i), y }, 500);
  expect(thinned.x.length).toBeLessThanOrEqual(1000);
  expect(Math.max(...Array.from(thinned.y))).toBe(99);
  expect(Math.min(...Array.from(thinned.y))).toBe(-99);
  const x = Array.from(thinned.x);
  expect(x).toEqual(x.toSorted((a, b) => a - b));
});

test('a short curve is left as it is', () => {
  const curve = { x: [1, 2], y: [3, NaN] };
  expect(thin(curve, 10)).toBe(curve);
});

test('ranges leave out what is not finite and may cut the tails', () => {
  expect(range([3, NaN, -1, Infinity])).toEqual([-1, 3]);
  expect(range([])).toBeNull();
  expect(range([...Array<number>(99).fill(1), 500], [0, 0.98])).toEqual([1, 1]);
  expect(union(null, [1, 2], [0, 1.5])).toEqual([0, 2]);
  expect(union(null, null)).toBeNull();
});

test('the window of a smoothed curve grows with it, and never falls behind the curve', () => {
  const x = Array.from({ length: 200 }, (_, i) => i);
  const noisy = { x, y: x.map((i) => 10 - i / 20 + (i % 2 === 0 ? 1 : -1)) };
  const { y } = smoothCurve(noisy);
  for (const i of [50, 100, 150]) expect(y[i]).toBeCloseTo(10 - i / 20, 0);
  expect([...smoothCurve({ x: [0, 1], y: [2, 4] }).y]).toEqual([3, 3]);
});
