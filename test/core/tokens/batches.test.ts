import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import {
  chooseBuckets,
  cutWindows,
  dealSteps,
  planBuckets,
  planMicroBatches,
} from '../../../src/core/tokens/batches.js';

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

describe('chooseBuckets', () => {
  it('takes multiples of 8 that pad least', () => {
    const lengths = [...Array<number>(50).fill(20), ...Array<number>(50).fill(60), 500];
    expect(chooseBuckets(lengths, 512, { limit: 3 })).toEqual([24, 64, 504]);
    expect(chooseBuckets(lengths, 512, { limit: 2 })).toEqual([64, 504]);
    expect(chooseBuckets(lengths, 512, { limit: 1 })).toEqual([504]);
    expect(chooseBuckets(lengths, 512, { limit: 9 })).toEqual([24, 64, 504]);
  });

  it('takes a further length only where it spares more than it costs', () => {
    const lengths = [...Array<number>(10).fill(16), ...Array<number>(10).fill(64)];
    const spared = 10 * (64 - 16);
    expect(chooseBuckets(lengths, 512, { limit: 3, cost: spared - 8 })).toEqual([16, 64]);
    expect(chooseBuckets(lengths, 512, { limit: 3, cost: spared })).toEqual([64]);
  });

  it('does not exceed what the model takes', () => {
    expect(chooseBuckets([70], 71, { limit: 4 })).toEqual([71]);
  });

  it('is no worse than any other choice', () => {
    const random = createRandom(4, 'lengths');
    const lengths = Array.from({ length: 200 }, () => 3 + random.integer(186));
    const padded = (buckets: readonly number[]) =>
      lengths.reduce((sum, length) => sum + buckets.find((bucket) => length <= bucket)!, 0);
    const chosen = padded(chooseBuckets(lengths, 192, { limit: 3 }));
    for (const a of [32, 64, 96, 128, 160]) {
      for (const b of [32, 64, 96, 128, 160]) {
        if (a < b) expect(chosen).toBeLessThanOrEqual(padded([a, b, 192]));
      }
    }
  });
});

describe('planMicroBatches', () => {
  const random = createRandom(9, 'lengths');
  const lengths = Array.from({ length: 700 }, () => 3 + random.integer(253));
  const limits = { maxLength: 256, microBatchTokens: 1024, microBatchSequences: null };
  const buckets = planBuckets(lengths, limits);

  it('uses every window once, in a bucket that holds it', () => {
    const plan = planMicroBatches(lengths, buckets, createRandom(1, 'order', 0));
    const seen = plan.flatMap(({ sequences }) => sequences);
    expect([...seen].sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    for (const { bucket, sequences } of plan) {
      const { sequenceLength, batchSize } = buckets[bucket]!;
      expect(sequences.length).toBeLessThanOrEqual(batchSize);
      for (const window of sequences) {
        expect(lengths[window]).toBeLessThanOrEqual(sequenceLength);
      }
    }
    const unfilled = plan.filter(
      ({ bucket, sequences }) => sequences.length < buckets[bucket]!.batchSize,
    );
    expect(unfilled.length).toBeLessThanOrEqual(1);
  });

  it('pads little', () => {
    const plan = planMicroBatches(lengths, buckets, createRandom(1, 'order', 0));
    const padded = plan.reduce((sum, { bucket }) => {
      const { sequenceLength, batchSize } = buckets[bucket]!;
      return sum + sequenceLength * batchSize;
    }, 0);
    const tokens = lengths.reduce((a, b) => a + b, 0);
    expect(tokens / padded).toBeGreaterThan(0.8);
  });

  it('is the same for the same seed and epoch, and as long but other in the next', () => {
    const plan = planMicroBatches(lengths, buckets, createRandom(1, 'order', 0));
    expect(planMicroBatches(lengths, buckets, createRandom(1, 'order', 0))).toEqual(plan);
    const next = planMicroBatches(lengths, buckets, createRandom(1, 'order', 1));
    expect(next).not.toEqual(plan);
    expect(next.length).toBe(plan.length);
  });

  it('does not ask for more rows than there are windows, or than were asked for', () => {
    expect(planBuckets([5, 6], limits)).toEqual([{ sequenceLength: 8, batchSize: 2 }]);
    const few = planBuckets(lengths, { ...limits, microBatchSequences: 3 });
    expect(Math.max(...few.map(({ batchSize }) => batchSize))).toBe(3);
  });

  it('takes one sequence longer than a micro-batch', () => {
    expect(planBuckets([230, 250], { ...limits, microBatchTokens: 100 })).toEqual([
      { sequenceLength: 256, batchSize: 1 },
    ]);
  });
});

describe('dealSteps', () => {
  it('deals in order, evenly', () => {
    const microBatches = Array.from({ length: 7 }, (_, i) => ({ bucket: 0, sequences: [i] }));
    const steps = dealSteps(microBatches, 3);
    expect(steps.map((step) => step.length).sort()).toEqual([2, 2, 3]);
    expect(steps.flat()).toEqual(microBatches);
  });
});
