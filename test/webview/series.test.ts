import { expect, test } from 'vitest';
import { nearestIndex, range, smooth, thin, ticks, union } from '../../webview/shared/series.js';

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

test('ticks are round and within the range', () => {
  expect(ticks(0, 1, 4)).toEqual([0, 0.5, 1]);
  expect(ticks(0, 263, 5)).toEqual([0, 100, 200]);
  expect(ticks(2.13, 6.4, 6)).toEqual([3, 4, 5, 6]);
  expect(ticks(1, 1, 5)).toEqual([1]);
});

test('the nearest index is found on both sides', () => {
  expect(nearestIndex([0, 10, 20], 14)).toBe(1);
  expect(nearestIndex([0, 10, 20], 16)).toBe(2);
  expect(nearestIndex([0, 10, 20], -5)).toBe(0);
  expect(nearestIndex([0, 10, 20], 500)).toBe(2);
});
