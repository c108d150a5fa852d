import { expect, it } from 'vitest';
import { relativeBuckets } from '../../../src/core/encoder/relativeBuckets.js';
import golden from '../../golden/mpnet/buckets.json' with { type: 'json' };

it('distances have the buckets that transformers gives them, and the farthest one theirs', () => {
  const buckets = relativeBuckets(32, 128);
  expect(buckets).toHaveLength(257);
  // From -200 to 200.
  const clipped = golden.map((_, i) => buckets[Math.max(-128, Math.min(128, i - 200)) + 128]);
  expect(clipped).toEqual(golden);
});
