/**
 * From documents to micro-batches. Long documents are cut into windows; windows of like length share a
 * micro-batch, so that little is padded; nothing is dropped.
 */
import type { Random } from '../base/random.js';

/** Graphs are built for sequence lengths that are multiples of this. */
const bucketStep = 8;

/** Sequences of at most `maxLength` ids, `cls` and `sep` included, as even in length as can be. */
export function cutWindows(
  ids: Int32Array,
  { maxLength, cls, sep }: { maxLength: number; cls: number; sep: number },
): Int32Array[] {
  const windows = Math.ceil(ids.length / (maxLength - 2));
  return Array.from({ length: windows }, (_, index) => {
    const start = Math.floor((index * ids.length) / windows);
    const end = Math.floor(((index + 1) * ids.length) / windows);
    const window = new Int32Array(end - start + 2);
    window[0] = cls;
    window.set(ids.subarray(start, end), 1);
    window[window.length - 1] = sep;
    return window;
  });
}

/**
 * At most `limit` sequence lengths, ascending, for which the least is padded when each of `lengths`
 * takes the smallest that holds it. A further length has to spare more than `cost` tokens of padding.
 */
export function chooseBuckets(
  lengths: readonly number[],
  maxLength: number,
  { limit, cost = 0 }: { readonly limit: number; readonly cost?: number },
): number[] {
  const longest = lengths.reduce((a, b) => Math.max(a, b), 1);
  const classes = Math.ceil(longest / bucketStep);
  const counts = new Array<number>(classes + 1).fill(0);
  for (const length of lengths) counts[Math.ceil(length / bucketStep)]! += 1;
  // best[n][c]: the padded size of all of class <= c in up to n buckets, the largest of which is c.
  let best = counts.map((_, c) => ({ size: sum(counts, 0, c) * c, buckets: [c] }));
  for (let n = 2; n <= Math.min(limit, classes); n++) {
    const previous = best;
    best = previous.map((fewer, c) => {
      let least = fewer;
      for (let below = 1; below < c; below++) {
        const { size, buckets } = previous[below]!;
        const candidate = size + sum(counts, below + 1, c) * c + cost / bucketStep;
        if (candidate < least.size) least = { size: candidate, buckets: [...buckets, c] };
      }
      return least;
    });
  }
  return best[classes]!.buckets.map((c) => Math.min(c * bucketStep, maxLength));
}

function sum(counts: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let i = from; i <= to; i++) total += counts[i]!;
  return total;
}

/** A graph's place in the plan: sequences of up to `sequenceLength`, `batchSize` a micro-batch. */
export interface Bucket {
  readonly sequenceLength: number;
  readonly batchSize: number;
}

export interface BatchLimits {
  /** The longest sequence that the model takes. */
  readonly maxLength: number;
  /** Tokens of a micro-batch, padding included. */
  readonly microBatchTokens: number;
  /** Sequences of a micro-batch; `null`: as many as fit. */
  readonly microBatchSequences: number | null;
}

/** Graphs at the most: a session of each may be held in memory. */
const bucketLimit = 6;

/** Making a graph's session takes as long as a small step, and epochs, or measurements, share it. */
const costOfBucket = 0.5;

/** As many graphs as pay for themselves. */
export function planBuckets(lengths: readonly number[], limits: BatchLimits): Bucket[] {
  const cost = costOfBucket * limits.microBatchTokens;
  const chosen = chooseBuckets(lengths, limits.maxLength, { limit: bucketLimit, cost });
  return chosen.map((sequenceLength) => ({
    sequenceLength,
    batchSize: Math.max(
      1,
      Math.min(
        Math.floor(limits.microBatchTokens / sequenceLength),
        limits.microBatchSequences ?? Infinity,
        lengths.length,
      ),
    ),
  }));
}

export interface MicroBatch {
  /** Index into the buckets. */
  readonly bucket: number;
  /** Indices of windows, at most the bucket's `batchSize`. */
  readonly sequences: readonly number[];
}

/**
 * All windows once, in random order. What does not fill a micro-batch of its bucket joins the next
 * larger bucket; only the largest may run with rows unused.
 */
export function planMicroBatches(
  lengths: readonly number[],
  buckets: readonly Bucket[],
  random: Random,
): MicroBatch[] {
  const members = buckets.map((): number[] => []);
  lengths.forEach((length, window) => {
    const bucket = buckets.findIndex(({ sequenceLength }) => length <= sequenceLength);
    if (bucket < 0) throw new RangeError(`No bucket takes a window of ${length} tokens.`);
    members[bucket]!.push(window);
  });
  const microBatches: MicroBatch[] = [];
  buckets.forEach(({ batchSize }, bucket) => {
    const windows = random.shuffle(members[bucket]!);
    const larger = members[bucket + 1];
    for (let start = 0; start < windows.length; start += batchSize) {
      const sequences = windows.slice(start, start + batchSize);
      if (sequences.length < batchSize && larger !== undefined) larger.push(...sequences);
      else microBatches.push({ bucket, sequences });
    }
  });
  return random.shuffle(microBatches);
}

/** Deals micro-batches into `steps` steps whose sizes differ by at most one. */
export function dealSteps(microBatches: readonly MicroBatch[], steps: number): MicroBatch[][] {
  const dealt = Array.from({ length: steps }, (): MicroBatch[] => []);
  microBatches.forEach((microBatch, i) => {
    dealt[Math.floor((i * steps) / microBatches.length)]!.push(microBatch);
  });
  return dealt;
}
