import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fuzz } from './fuzz.js';

it('No mutated file crashes the reader, hangs it, fills memory or runs anything', async () => {
  const result = await fuzz(3000, 11);
  expect(result.faults).toEqual([]);
  expect(result.read).toBeGreaterThan(100);
  expect(result.refused).toBeGreaterThan(1000);
  expect(result.slowestMs).toBeLessThan(5000);
  expect(result.grownBytes).toBeLessThan(300e6);
  expect(existsSync('evil')).toBe(false);
});
