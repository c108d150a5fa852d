export interface EmbeddingBatch {
  /** Indices of its sequences. */
  readonly rows: readonly number[];
  /** Tokens per sequence, padding included. */
  readonly sequenceLength: number;
}

/** Lengths are rounded up to this, so that the runtime sees few shapes. */
const lengthStep = 16;

/**
 * Groups sequences of similar length, longest first (so that memory is allocated once), with at
 * most `rowsAtOnce` of a length per batch.
 */
export function planBatches(
  sequences: readonly { readonly length: number }[],
  rowsAtOnce: (length: number) => number,
  maxTokens: number,
): EmbeddingBatch[] {
  const order = sequences
    .map(({ length }, row) => ({ row, length: roundUp(length, maxTokens) }))
    .sort((a, b) => b.length - a.length || a.row - b.row);
  const batches: { rows: number[]; sequenceLength: number }[] = [];
  for (const { row, length } of order) {
    const last = batches.at(-1);
    // A batch with more padding than tokens is slower than two batches.
    const fits =
      last !== undefined &&
      last.rows.length < rowsAtOnce(last.sequenceLength) &&
      length * 2 > last.sequenceLength;
    if (fits) last.rows.push(row);
    else batches.push({ rows: [row], sequenceLength: length });
  }
  return batches;
}

function roundUp(length: number, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(length / lengthStep) * lengthStep);
}
