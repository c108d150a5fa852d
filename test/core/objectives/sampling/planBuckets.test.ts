import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import {
  chooseBuckets,
  planBuckets,
} from '../../../../src/core/objectives/sampling/planBuckets.js';
import type {
  BatchLimits,
  SampledSequences,
} from '../../../../src/core/objectives/sampling/planBuckets.js';
import { cutRows, packRows } from '../../../../src/core/objectives/sampling/rows.js';
import type { SequenceSize } from '../../../../src/core/objectives/sampling/rows.js';

describe('chooseBuckets', () => {
  it('takes multiples of 8 that pad least', () => {
    const lengths = [...Array<number>(50).fill(20), ...Array<number>(50).fill(60), 500];
    expect(chooseBuckets(lengths, 512, 3)).toEqual([24, 64, 504]);
    expect(chooseBuckets(lengths, 512, 2)).toEqual([64, 504]);
    expect(chooseBuckets(lengths, 512, 1)).toEqual([504]);
    expect(chooseBuckets(lengths, 512, 9)).toEqual([24, 64, 504]);
  });

  it('does not exceed what the model takes', () => {
    expect(chooseBuckets([70], 71, 4)).toEqual([71]);
  });

  it('is no worse than any other choice', () => {
    const random = createRandom(4, 'lengths');
    const lengths = Array.from({ length: 200 }, () => 3 + random.integer(186));
    const padded = (buckets: readonly number[]) =>
      lengths.reduce((sum, length) => sum + buckets.find((bucket) => length <= bucket)!, 0);
    const chosen = padded(chooseBuckets(lengths, 192, 3));
    for (const a of [32, 64, 96, 128, 160]) {
      for (const b of [32, 64, 96, 128, 160]) {
        if (a < b) expect(chosen).toBeLessThanOrEqual(padded([a, b, 192]));
      }
    }
  });
});

/** Room for every token of a row. */
const limits: BatchLimits = {
  maxLength: 256,
  microBatchTokens: 1024,
  microBatchSequences: null,
  slotsOf: (tokens) => tokens,
};

const sampled = (lengths: readonly number[], groups = 1): SampledSequences => {
  const sizes = lengths.map((tokens): SequenceSize => ({ tokens, predicts: true }));
  return {
    groups: Array.from({ length: groups }, () => sizes),
    longest: Math.max(...lengths),
    scale: 1,
  };
};

function randomLengths(count: number, longest: number): number[] {
  const random = createRandom(9, 'lengths');
  return Array.from({ length: count }, () => 3 + random.integer(longest - 2));
}

/** Share of the tokens of all micro-batches that are text. */
function filling({ groups }: SampledSequences, asked: BatchLimits): number {
  const buckets = planBuckets({ groups, longest: 256, scale: 1 }, asked);
  let [text, all] = [0, 0];
  for (const sizes of groups) {
    text += sizes.reduce((sum, { tokens }) => sum + tokens, 0);
    for (const { bucket } of cutRows(packRows(sizes, buckets, asked.slotsOf), buckets)) {
      all += buckets[bucket]!.batchSize * buckets[bucket]!.sequenceLength;
    }
  }
  return text / all;
}

describe('planBuckets', () => {
  it('lets short sequences share rows, so that little is padded', () => {
    expect(filling(sampled(randomLengths(700, 256)), limits)).toBeGreaterThan(0.93);
    expect(filling(sampled(randomLengths(700, 20)), limits)).toBeGreaterThan(0.93);
  });

  it('suits steps of few sequences', () => {
    const steps = sampled(randomLengths(40, 90), 8);
    expect(filling(steps, limits)).toBeGreaterThan(0.85);
  });

  it('gives each sequence a row where their number is asked for', () => {
    const buckets = planBuckets(sampled(randomLengths(700, 256)), {
      ...limits,
      microBatchSequences: 3,
    });
    for (const { batchSize, sequencesPerRow } of buckets) {
      expect(batchSize).toBeLessThanOrEqual(3);
      expect(sequencesPerRow).toBe(1);
    }
  });

  it('has room for the longest sequence that there may be', () => {
    const few = { ...sampled([20, 30]), longest: 200 };
    expect(planBuckets(few, limits).at(-1)!.sequenceLength).toBe(200);
    expect(planBuckets(sampled([230, 250]), { ...limits, microBatchTokens: 100 })).toEqual([
      { sequenceLength: 256, sequencesPerRow: 1, slotsPerRow: 256, batchSize: 1 },
    ]);
  });

  it('makes no row longer than a micro-batch for the sake of packing', () => {
    const small = { ...limits, microBatchTokens: 96 };
    for (const { sequenceLength } of planBuckets(sampled(randomLengths(300, 40)), small)) {
      expect(sequenceLength).toBeLessThanOrEqual(96);
    }
  });

  it('has no slots where nothing is predicted', () => {
    const silent = [30, 40, 50].map((tokens) => ({ tokens, predicts: false }));
    const [bucket] = planBuckets({ groups: [silent], longest: 50, scale: 1 }, limits);
    expect(bucket!.slotsPerRow).toBe(0);
  });

  it('lets a longer row hold whatever a shorter one may', () => {
    for (const longest of [40, 100, 256]) {
      const buckets = planBuckets(sampled(randomLengths(300, longest)), {
        ...limits,
        slotsOf: (tokens) => Math.ceil(tokens / 7),
      });
      buckets.slice(1).forEach((bucket, i) => {
        expect(bucket.sequencesPerRow).toBeGreaterThanOrEqual(buckets[i]!.sequencesPerRow);
        expect(bucket.slotsPerRow).toBeGreaterThanOrEqual(buckets[i]!.slotsPerRow);
      });
    }
  });
});
