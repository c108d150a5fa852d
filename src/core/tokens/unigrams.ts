/** Log frequency of each token in `windows`, smoothed so that unseen tokens are possible. */
export function unigramLogFrequencies(
  windows: Iterable<Int32Array>,
  vocabularySize: number,
  options: UnigramOptions = {},
): Float32Array {
  const { smoothing = 1, specialIds } = options;
  const counts = new Float64Array(vocabularySize).fill(smoothing);
  for (const ids of windows) for (const id of ids) counts[id]! += 1;
  for (const id of specialIds ?? []) counts[id] = smoothing;
  const total = counts.reduce((a, b) => a + b, 0);
  return Float32Array.from(counts, (count) => Math.log(count / total));
}

export interface UnigramOptions {
  /** Added to each count. */
  readonly smoothing?: number;
  /** Tokens that surround every window and are never predicted; counted as unseen. */
  readonly specialIds?: ReadonlySet<number>;
}
