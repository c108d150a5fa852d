/**
 * What a note's vector is the mean of: all its tokens, so that passages count by their tokens and
 * are not normalised before; or its passages, each of unit length.
 */
export type DocumentMean = 'tokens' | 'passages';

/** A note's embedding: the mean of its passages' vectors [passages, dimension], normalised. */
export function documentVector(
  vectors: Float32Array,
  tokens: ArrayLike<number>,
  dimension: number,
  documentMean: DocumentMean = 'tokens',
): Float32Array {
  const sum = new Float64Array(dimension);
  for (let passage = 0; passage < tokens.length; passage++) {
    const weight = documentMean === 'tokens' ? tokens[passage]! : 1;
    for (let i = 0; i < dimension; i++) {
      sum[i] = sum[i]! + weight * vectors[passage * dimension + i]!;
    }
  }
  return normalised(sum);
}

/** Zeros stay zeros. */
export function normalised(vector: ArrayLike<number>): Float32Array {
  const values = Float64Array.from(vector);
  const length = Math.sqrt(values.reduce((total, value) => total + value * value, 0));
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}
