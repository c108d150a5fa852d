import { expect, test } from 'vitest';
import { nearestPoint, nearestPoints } from '../../webview/shared/nearest.js';
import {
  fitViewport,
  panViewport,
  revealViewport,
  toPixel,
  zoomViewport,
} from '../../webview/shared/viewport.js';

const x = Float32Array.of(0, 10);
const y = Float32Array.of(-5, 5);

test('all points are in view, and a unit is equally long in both directions', () => {
  const view = fitViewport(x, y, 400, 200);
  const [a, b] = [toPixel(view, 0, -5), toPixel(view, 10, 5)];
  for (const { x: px, y: py } of [a, b]) {
    expect(px).toBeGreaterThan(0);
    expect(px).toBeLessThan(400);
    expect(py).toBeGreaterThan(0);
    expect(py).toBeLessThan(200);
  }
  expect(b.x - a.x).toBeCloseTo(a.y - b.y);
});

test('no point, one point and a coordinate that is not a number still give a view', () => {
  for (const values of [[], [3], [NaN, 2]]) {
    const view = fitViewport(Float32Array.from(values), Float32Array.from(values), 300, 300);
    expect(Number.isFinite(view.scale) && view.scale > 0).toBe(true);
    expect(Number.isFinite(view.centreX)).toBe(true);
  }
});

test('zooming keeps what is under the pointer there', () => {
  const view = fitViewport(x, y, 400, 200);
  const at = toPixel(view, 7, 3);
  const zoomed = toPixel(zoomViewport(view, 2.5, at), 7, 3);
  expect(zoomed.x).toBeCloseTo(at.x);
  expect(zoomed.y).toBeCloseTo(at.y);
});

test('panning moves the picture by pixels', () => {
  const view = fitViewport(x, y, 400, 200);
  const [before, after] = [toPixel(view, 1, 1), toPixel(panViewport(view, 30, -12), 1, 1)];
  expect(after.x - before.x).toBeCloseTo(30);
  expect(after.y - before.y).toBeCloseTo(-12);
});

test('revealing brings a point into view and leaves one that is', () => {
  const view = fitViewport(x, y, 400, 200);
  expect(revealViewport(view, 5, 0)).toEqual(view);
  const { x: px, y: py } = toPixel(revealViewport(view, 500, -900), 500, -900);
  expect(px).toBeCloseTo(360);
  expect(py).toBeCloseTo(160);
});

test('the point at the pointer is the nearest that is shown and within reach', () => {
  const [xs, ys] = [Float32Array.of(0, 1, 1.2, 9), Float32Array.of(0, 0, 0, 9)];
  const all = (): boolean => true;
  expect(nearestPoint(xs, ys, { x: 1.15, y: 0 }, 0.5, all)).toBe(2);
  expect(nearestPoint(xs, ys, { x: 1.15, y: 0 }, 0.5, (point) => point !== 2)).toBe(1);
  expect(nearestPoint(xs, ys, { x: 5, y: 5 }, 0.5, all)).toBeNull();
  const lost = Float32Array.of(NaN, 0);
  expect(nearestPoint(lost, lost, { x: 0, y: 0 }, 1, all)).toBe(1);
});

test('the points nearest to one come in order, itself first', () => {
  const line = Float32Array.of(0, 5, 1, 3);
  const zero = new Float32Array(4);
  expect(nearestPoints(line, zero, 0, 3, () => true)).toEqual([0, 2, 3]);
  expect(nearestPoints(line, zero, 0, 9, (i) => i !== 2)).toEqual([0, 3, 1]);
});
