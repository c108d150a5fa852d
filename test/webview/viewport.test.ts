import { expect, test } from 'vitest';
import { createPointGrid, nearestPoints } from '../../webview/shared/pointGrid.js';
import {
  fitViewport,
  panViewport,
  revealViewport,
  toPixel,
  zoomViewport,
} from '../../webview/shared/viewport.js';
import { cloud } from './scenes.js';

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

test('the grid finds the same point as a look at all of them', () => {
  const set = cloud(3000, 8);
  const grid = createPointGrid(set.x, set.y);
  const accepts = (point: number): boolean => set.category[point] !== 2;
  for (let k = 0; k < 400; k++) {
    const [px, py, radius] = [((k * 37) % 120) / 10 - 6, ((k * 53) % 90) / 10 - 4.5, 0.3];
    let best: number | null = null;
    let nearest = radius ** 2;
    for (let i = 0; i < set.x.length; i++) {
      const distance = ((set.x[i] ?? 0) - px) ** 2 + ((set.y[i] ?? 0) - py) ** 2;
      if (accepts(i) && distance < nearest) [best, nearest] = [i, distance];
    }
    expect(grid.nearest(px, py, radius, accepts)).toBe(best);
  }
});

test('the points nearest to one come in order, itself first', () => {
  const line = Float32Array.of(0, 5, 1, 3);
  const zero = new Float32Array(4);
  expect(nearestPoints(line, zero, 0, 3, () => true)).toEqual([0, 2, 3]);
  expect(nearestPoints(line, zero, 0, 9, (i) => i !== 2)).toEqual([0, 3, 1]);
});
