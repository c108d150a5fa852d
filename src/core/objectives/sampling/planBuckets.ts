/**
 * Chooses a run's graph shapes: the row lengths and numbers of rows that minimise the cost of its
 * sequences.
 */
import { cutRows, packRows } from './rows.js';
import type { Bucket, Row, SequenceSize } from './rows.js';

export interface BatchLimits {
  /** Longest sequence that the model accepts. */
  readonly maxLength: number;
  /** Tokens per micro-batch, padding included; a single row may exceed it. */
  readonly microBatchTokens: number;
  /** Sequences per micro-batch, one per row; `null`: as many as fit. */
  readonly microBatchSequences: number | null;
  /** Maximum number of predictions in a sequence of this many tokens. */
  readonly slotsOf: (tokens: number) => number;
}

export interface SampledSequences {
  /** Sets of sequences that may share rows: those of a step, or of an epoch. */
  readonly groups: readonly (readonly SequenceSize[])[];
  /** The longest sequence that can occur. */
  readonly longest: number;
  /** Ratio of an epoch to the sample. */
  readonly scale: number;
}

/** Row lengths are multiples of this. */
const bucketStep = 8;
/** Maximum number of row lengths, as a session of each may be kept in memory. */
const bucketLimit = 6;
/**
 * Creating a graph's session takes as long as a small step, and is shared by epochs or
 * measurements.
 */
const bucketCost = 0.5;
/** Fixed cost of running a graph, in tokens: the gradients of all weights are read and written. */
const runCost = 128;
/**
 * Row length at which attention costs a token as much as everything else; measured at width 256.
 */
const attentionLength = 2048;
/** Maximum sequences per row: places are cheap, but pooled embeddings are computed for each. */
const mostPerRow = 16;
/** Margin for rows whose sequences all round their predictions up. */
const slotMargin = 1.05;
/** Candidate row lengths, as multiples of the longest sequence. */
const multiples = [1, 1.5, 2, 3, 4, 6, 8];
/**
 * Candidate micro-batch sizes, as shares of the limit: with few sequences per step, large ones
 * leave rows empty.
 */
const shares = [1, 0.8, 0.65, 0.5, 0.4, 0.33, 0.25, 0.2];
const smallestMicroBatch = 256;

/** Ascending by length. Deterministic, so a resumed run gets the same buckets. */
export function planBuckets(sampled: SampledSequences, limits: BatchLimits): Bucket[] {
  let best: { buckets: Bucket[]; cost: number } | null = null;
  for (const lengths of candidates(sampled, limits)) {
    const shapes = rowShapes(lengths, sampled, limits);
    const packed = sampled.groups.map((sizes) => packRows(sizes, shapes, limits.slotsOf));
    for (const tokens of microBatchSizes(limits)) {
      const mostRows = Math.max(1, ...packed.map((rows) => rows.length));
      const buckets = shapes.map((shape) => ({
        ...shape,
        batchSize: Math.max(
          1,
          Math.min(
            Math.floor(tokens / shape.sequenceLength),
            limits.microBatchSequences ?? Infinity,
            mostRows,
          ),
        ),
      }));
      const making = bucketCost * limits.microBatchTokens * buckets.length;
      const cost = sampled.scale * costOf(packed, buckets) + making;
      if (best === null || cost < best.cost) best = { buckets, cost };
    }
  }
  return best!.buckets;
}

function candidates({ groups, longest }: SampledSequences, limits: BatchLimits): number[][] {
  const { maxLength, microBatchTokens } = limits;
  const lengths = [...groups.flatMap((sizes) => sizes.map(({ tokens }) => tokens)), longest];
  const sets = Array.from({ length: bucketLimit }, (_, i) =>
    chooseBuckets(lengths, maxLength, i + 1),
  );
  if (limits.microBatchSequences === null) {
    const most = Math.min(maxLength, Math.max(longest, microBatchTokens));
    for (const multiple of multiples) {
      sets.push(chooseBuckets([Math.min(most, multiple * longest)], maxLength, 1));
    }
  }
  return [...new Map(sets.map((set) => [set.join(), set])).values()];
}

/**
 * At most `limit` sequence lengths, ascending, that minimise padding if each of `lengths` is padded
 * to the smallest that holds it.
 */
export function chooseBuckets(
  lengths: readonly number[],
  maxLength: number,
  limit: number,
): number[] {
  const longest = lengths.reduce((a, b) => Math.max(a, b), 1);
  const classes = Math.ceil(longest / bucketStep);
  const counts = new Array<number>(classes + 1).fill(0);
  for (const length of lengths) counts[Math.ceil(length / bucketStep)]! += 1;
  // best[n][c]: padded size of all sequences of class <= c in up to n buckets, the largest being c.
  let best = counts.map((_, c) => ({ size: sum(counts, 0, c) * c, buckets: [c] }));
  for (let n = 2; n <= Math.min(limit, classes); n++) {
    const previous = best;
    best = previous.map((fewer, c) => {
      let least = fewer;
      for (let below = 1; below < c; below++) {
        const { size, buckets } = previous[below]!;
        const candidate = size + sum(counts, below + 1, c) * c;
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

type RowShape = Omit<Bucket, 'batchSize'>;

function rowShapes(
  lengths: readonly number[],
  { groups }: SampledSequences,
  { slotsOf, microBatchSequences }: BatchLimits,
): RowShape[] {
  const predicting = groups.flat().filter(({ predicts }) => predicts);
  const total = predicting.reduce((sum, { tokens }) => sum + tokens, 0);
  const slots = predicting.reduce((sum, { tokens }) => sum + slotsOf(tokens), 0);
  const perToken = slotMargin * (slots / Math.max(1, total));
  const single = lengths.map((sequenceLength) => ({
    sequenceLength,
    sequencesPerRow: 1,
    slotsPerRow: predicting.length === 0 ? 0 : slotsOf(sequenceLength),
  }));
  if (microBatchSequences !== null) return single;
  const roomy = single.map((shape) => ({
    ...shape,
    sequencesPerRow: mostPerRow,
    slotsPerRow: Math.max(shape.slotsPerRow, Math.ceil(perToken * shape.sequenceLength)),
  }));
  const most = roomy.map(() => 1);
  for (const { bucket, sequences } of groups.flatMap((sizes) => packRows(sizes, roomy, slotsOf))) {
    most[bucket] = Math.max(most[bucket]!, sequences.length);
  }
  // A micro-batch may also contain rows from smaller buckets.
  return roomy.map((shape, i) => {
    const sequencesPerRow = Math.max(...most.slice(0, i + 1));
    return sequencesPerRow === 1 ? single[i]! : { ...shape, sequencesPerRow };
  });
}

function microBatchSizes({ microBatchTokens }: BatchLimits): number[] {
  const smallest = Math.min(microBatchTokens, smallestMicroBatch);
  return shares.map((share) => Math.max(smallest, share * microBatchTokens));
}

function costOf(packed: readonly (readonly Row[])[], buckets: readonly Bucket[]): number {
  let cost = 0;
  for (const rows of packed) {
    for (const { bucket } of cutRows(rows, buckets)) {
      const { batchSize, sequenceLength } = buckets[bucket]!;
      cost += batchSize * sequenceLength * (1 + sequenceLength / attentionLength) + runCost;
    }
  }
  return cost;
}
