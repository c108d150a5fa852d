import { describe, expect, it } from 'vitest';
import { readDuration } from '../../../src/core/base/duration.js';

describe('a span of time', () => {
  it.each([
    ['8h', 28_800],
    ['45m', 2700],
    ['1h30m', 5400],
    ['1h 30m', 5400],
    ['90s', 90],
    ['0.5h', 1800],
    ['2d', 172_800],
  ])('%s is read', (text, seconds) => {
    expect(readDuration(text)).toBe(seconds);
  });

  it.each(['', '8', 'h', '-1h', '8 hours', '0s', '1h30'])('%j is none', (text) => {
    expect(readDuration(text)).toBeNull();
  });
});
