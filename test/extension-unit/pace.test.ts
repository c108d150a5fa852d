import { expect, it } from 'vitest';
import { createPace } from '../../src/extension/runs/pace.js';

const progress = (phase: string, done: number, total: number | null = 100) => ({
  ...{ phase, done, total },
  unit: 'notes',
});

it('What is left of a phase follows from its own pace', () => {
  const pace = createPace();
  expect(pace.left(0)).toBeNull();
  pace.follow(progress('Reading', 90), 0);
  pace.follow(progress('Embedding', 10), 1000);
  expect(pace.left(1000)).toBeNull();
  pace.follow(progress('Embedding', 30), 5000);
  // 20 notes in 4 s: the other 70 take 14 s.
  expect(pace.left(5000)).toBe(14_000);
  // Time goes on between two reports.
  expect(pace.left(6000)).toBe(13_000);
  expect(pace.left(90_000)).toBe(0);
});

it('An estimate is not made from an instant, nor without a total, nor kept for another phase', () => {
  const pace = createPace();
  pace.follow(progress('Embedding', 0), 0);
  pace.follow(progress('Embedding', 50), 500);
  expect(pace.left(500)).toBeNull();
  pace.follow(progress('Embedding', 60), 3000);
  expect(pace.left(3000)).toBe(2000);
  pace.follow(progress('Embedding', 5), 4000);
  expect(pace.left(4000)).toBeNull();
  pace.follow(progress('Counting', 1, null), 5000);
  pace.follow(progress('Counting', 9, null), 9000);
  expect(pace.left(9000)).toBeNull();
  pace.follow(null, 9000);
  expect(pace.left(9000)).toBeNull();
});
