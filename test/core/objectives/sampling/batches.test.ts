import { describe, expect, it } from 'vitest';
import { cutWindows, dealSteps } from '../../../../src/core/objectives/sampling/batches.js';

const ids = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i + 10);

describe('cutWindows', () => {
  it.each([1, 6, 7, 13, 100])('keeps every one of %i tokens, in order', (count) => {
    const windows = cutWindows(ids(count), { maxLength: 8, cls: 0, sep: 2 });
    for (const window of windows) {
      expect(window.length).toBeLessThanOrEqual(8);
      expect(window.length).toBeGreaterThan(2);
      expect(window[0]).toBe(0);
      expect(window.at(-1)).toBe(2);
    }
    expect(windows.flatMap((window) => [...window.slice(1, -1)])).toEqual([...ids(count)]);
  });

  it('cuts evenly instead of leaving a short rest', () => {
    const windows = cutWindows(ids(513), { maxLength: 512, cls: 0, sep: 2 });
    expect(windows.map((window) => window.length)).toEqual([258, 259]);
  });

  it('has no window for an empty note', () => {
    expect(cutWindows(ids(0), { maxLength: 8, cls: 0, sep: 2 })).toEqual([]);
  });
});

describe('dealSteps', () => {
  it('deals in order, evenly', () => {
    const microBatches = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const steps = dealSteps(microBatches, 3);
    expect(steps.map((step) => step.length).sort()).toEqual([2, 2, 3]);
    expect(steps.flat()).toEqual(microBatches);
  });
});
