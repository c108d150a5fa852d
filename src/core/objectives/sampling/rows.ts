/**
 * Packs short sequences into shared rows of the encoder's input, to reduce padding. Each attends
 * only to itself ("packing", Krell et al., "Efficient Sequence Packing without
 * Cross-contamination", 2021).
 */
import type { Random } from '../../base/random.js';

export interface SequenceSize {
  /** Special tokens included. */
  readonly tokens: number;
  /** Whether any of its tokens are predicted. */
  readonly predicts: boolean;
}

/** The shape of a row and of a micro-batch; each graph is built for one. */
export interface Bucket {
  /** Tokens per row, padding included. */
  readonly sequenceLength: number;
  /** Maximum number of sequences per row. */
  readonly sequencesPerRow: number;
  /** Maximum number of predictions per row. */
  readonly slotsPerRow: number;
  /** Rows per micro-batch. */
  readonly batchSize: number;
}

export interface Row {
  /** Index of the row's bucket. */
  readonly bucket: number;
  /** Indices of sequences. */
  readonly sequences: readonly number[];
  readonly predicts: boolean;
}

export interface MicroBatch {
  readonly bucket: number;
  /** At most the bucket's `batchSize`. */
  readonly rows: readonly (readonly number[])[];
  readonly predicts: boolean;
}

interface OpenRow {
  readonly bucket: number;
  readonly sequences: number[];
  readonly predicts: boolean;
  room: number;
  slots: number;
}

/**
 * Best-fit decreasing: puts each sequence, longest first, into the row where it leaves the least
 * room, or starts a row of the smallest bucket that holds it. Sequences with predictions come
 * first, so that rows without predictions remain.
 *
 * @param slotsOf maximum number of predictions in a sequence of this many tokens
 * @param random chooses which sequences of equal size share a row; if absent, adjacent ones do
 */
export function packRows(
  sizes: readonly SequenceSize[],
  buckets: readonly Omit<Bucket, 'batchSize'>[],
  slotsOf: (tokens: number) => number,
  random?: Random,
): Row[] {
  const order = sizes.map((_, i) => i);
  random?.shuffle(order);
  order.sort((a, b) => {
    const [one, other] = [sizes[a]!, sizes[b]!];
    return Number(other.predicts) - Number(one.predicts) || other.tokens - one.tokens;
  });
  const longest = buckets.at(-1)?.sequenceLength ?? 0;
  const rows: OpenRow[] = [];
  const byRoom = Array.from({ length: longest + 1 }, (): OpenRow[] => []);
  for (const index of order) {
    const { tokens, predicts } = sizes[index]!;
    const slots = predicts ? slotsOf(tokens) : 0;
    let row: OpenRow | undefined;
    for (let room = tokens; room <= longest && row === undefined; room++) {
      const last = byRoom[room]!.at(-1);
      if (last !== undefined && last.slots >= slots) row = byRoom[room]!.pop();
    }
    if (row === undefined) {
      const bucket = buckets.findIndex(({ sequenceLength }) => tokens <= sequenceLength);
      if (bucket < 0) throw new RangeError(`No bucket takes a sequence of ${tokens} tokens.`);
      const { sequenceLength, slotsPerRow } = buckets[bucket]!;
      row = { bucket, sequences: [], predicts, room: sequenceLength, slots: slotsPerRow };
      rows.push(row);
    }
    row.sequences.push(index);
    row.room -= tokens;
    row.slots -= slots;
    if (row.sequences.length < buckets[row.bucket]!.sequencesPerRow) byRoom[row.room]!.push(row);
  }
  return rows;
}

/**
 * Orders rows with predictions first, then longest first. A micro-batch that is not full takes
 * shorter rows, or rows without predictions, so that only the last one has unused rows.
 *
 * @param random shuffles rows of the same kind; if absent, they keep their order
 */
export function cutRows(
  rows: readonly Row[],
  buckets: readonly Pick<Bucket, 'batchSize'>[],
  random?: Random,
): MicroBatch[] {
  const order = [...rows];
  random?.shuffle(order);
  order.sort((a, b) => Number(b.predicts) - Number(a.predicts) || b.bucket - a.bucket);
  const microBatches: MicroBatch[] = [];
  for (let start = 0; start < order.length;) {
    let { bucket } = order[start]!;
    let end = start + 1;
    for (; end < order.length; end++) {
      const larger = Math.max(bucket, order[end]!.bucket);
      if (end - start >= buckets[larger]!.batchSize) break;
      bucket = larger;
    }
    const taken = order.slice(start, end);
    microBatches.push({
      bucket,
      rows: taken.map(({ sequences }) => sequences),
      predicts: taken[0]!.predicts,
    });
    start = end;
  }
  return microBatches;
}
