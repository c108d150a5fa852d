import { describe, expect, it } from 'vitest';
import { alignMap, centred } from '../../../src/core/analyze/alignMaps.js';

const fixed = { x: [0, 1, 2, 5, 3], y: [0, 4, 1, 2, -1] };

describe('a map', () => {
  it.each([false, true])('is turned back onto another (mirrored: %s)', (mirrored) => {
    const [cos, sin] = [2 * Math.cos(1), 2 * Math.sin(1)];
    const sign = mirrored ? -1 : 1;
    const moved = {
      x: fixed.x.map((x, i) => sign * (cos * x - sin * fixed.y[i]!) + 7),
      y: fixed.x.map((x, i) => sin * x + cos * fixed.y[i]! - 3),
    };
    const { x, y } = alignMap(moved, fixed);
    const expected = centred(fixed);
    for (const i of fixed.x.keys()) {
      expect(x[i]).toBeCloseTo(expected.x[i]!, 10);
      expect(y[i]).toBeCloseTo(expected.y[i]!, 10);
    }
  });

  it('of points that coincide stays as it is', () => {
    const { x, y } = alignMap({ x: [1, 1, 1, 1, 1], y: [2, 2, 2, 2, 2] }, fixed);
    expect([...x, ...y].every((value) => value === 0)).toBe(true);
  });

  it('of other notes is refused', () => {
    expect(() => alignMap({ x: [1], y: [1] }, fixed)).toThrow(RangeError);
  });
});
