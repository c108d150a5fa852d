import { describe, expect, it } from 'vitest';
import { beta } from '../../../src/core/base/beta.js';
import { createRandom } from '../../../src/core/base/random.js';

describe('beta', () => {
  it.each([
    [1, 1],
    [4, 2],
    [2, 4],
    [3, 7],
  ])('has the mean, variance and skewness of Beta(%i, %i)', (a, b) => {
    const random = createRandom(a, 'beta', b);
    const draws = Array.from({ length: 100_000 }, () => beta(random, a, b));
    const mean = average(draws);
    const variance = average(draws.map((x) => (x - mean) ** 2));
    const skewness = average(draws.map((x) => (x - mean) ** 3)) / variance ** 1.5;
    const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
    // Five standard errors.
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(5 * Math.sqrt(expected / draws.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.03);
    const skew = (2 * (b - a) * Math.sqrt(a + b + 1)) / ((a + b + 2) * Math.sqrt(a * b));
    expect(Math.abs(skewness - skew)).toBeLessThan(0.05);
    expect(Math.min(...draws.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(draws.every((x) => x >= 0 && x < 1)).toBe(true);
  });

  it('refuses shapes that are not whole', () => {
    expect(() => beta(createRandom(1), 1.5, 2)).toThrow(RangeError);
    expect(() => beta(createRandom(1), 1, 0)).toThrow(RangeError);
  });
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
