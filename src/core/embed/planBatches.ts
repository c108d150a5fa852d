export interface EmbeddingBatch {
  /** Positions of its sequences. */
  readonly rows: readonly number[];
  /** Tokens a sequence, padding included. */
  readonly sequenceLength: number;
}

/** Lengths are rounded up to this, so that the runtime meets few shapes. */
const lengthStep = 16;

/**
 * Sequences of like length together, longest first (memory is asked for once), with at most
 * `tokensAtOnce` tokens a batch, padding included; one long sequence may exceed that.
 */
export function planBatches(
  sequences: readonly { readonly length: number }[],
  tokensAtOnce: number,
  maxTokens: number,
): EmbeddingBatch[] {
  const order = sequences
    .map(({ length }, row) => ({ row, length: roundUp(length, maxTokens) }))
    .sort((a, b) => b.length - a.length || a.row - b.row);
  const batches: { rows: number[]; sequenceLength: number }[] = [];
  for (const { row, length } of order) {
    const last = batches.at(-1);
    // A batch that pads more than it holds is slower than two.
    const fits =
      last !== undefined &&
      (last.rows.length + 1) * last.sequenceLength <= tokensAtOnce &&
      length * 2 > last.sequenceLength;
    if (fits) last.rows.push(row);
    else batches.push({ rows: [row], sequenceLength: length });
  }
  return batches;
}

function roundUp(length: number, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(length / lengthStep) * lengthStep);
}
