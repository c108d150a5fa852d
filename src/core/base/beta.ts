import type { Random } from './random.js';

/**
 * Draws from Beta(a, b) for integers a, b >= 1: exactly the a-th smallest of a + b - 1 uniform
 * draws.
 */
export function beta(random: Random, a: number, b: number): number {
  if (!Number.isInteger(a) || !Number.isInteger(b) || a < 1 || b < 1) {
    throw new RangeError(`a and b must be whole numbers from 1 on, not ${a} and ${b}`);
  }
  const uniform = Float64Array.from({ length: a + b - 1 }, () => random.next()).sort();
  return uniform[a - 1]!;
}
