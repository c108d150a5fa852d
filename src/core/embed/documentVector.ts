/**
 * A note's embedding: the mean of its passages' vectors [passages, dimension], weighted by token
 * count, then normalised. Passages are not normalised, so the result is the mean over the note's
 * tokens.
 */
export function documentVector(
  vectors: Float32Array,
  tokens: ArrayLike<number>,
  dimension: number,
): Float32Array {
  const sum = new Float64Array(dimension);
  for (let passage = 0; passage < tokens.length; passage++) {
    const weight = tokens[passage]!;
    for (let i = 0; i < dimension; i++) {
      sum[i] = sum[i]! + weight * vectors[passage * dimension + i]!;
    }
  }
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  return Float32Array.from(sum, (value) => (length === 0 ? 0 : value / length));
}
