/** Cosine similarity in float64, so that every store gives the same value for the same vectors. */

/** `vector` scaled to length 1; a zero vector is unchanged. */
export function normalised(vector: Float32Array): Float32Array {
  const length = norm(vector, 0, vector.length);
  return length === 0 ? Float32Array.from(vector) : vector.map((value) => value / length);
}

/** Cosine in [-1, 1] of `query` and the row of `vectors` at `offset`; 0 if either is zero. */
export function cosineSimilarity(
  query: Float32Array,
  queryNorm: number,
  vectors: Float32Array,
  offset: number,
): number {
  let dot = 0;
  let square = 0;
  for (let i = 0; i < query.length; i++) {
    const value = vectors[offset + i]!;
    dot += query[i]! * value;
    square += value * value;
  }
  const scale = queryNorm * Math.sqrt(square);
  return scale === 0 ? 0 : Math.max(-1, Math.min(1, dot / scale));
}

export function norm(vectors: Float32Array, offset: number, dimension: number): number {
  let square = 0;
  for (let i = offset; i < offset + dimension; i++) square += vectors[i]! * vectors[i]!;
  return Math.sqrt(square);
}

/** Positions and similarities of the `limit` rows of `vectors` nearest to `query`, nearest first. */
export function nearestRows(
  query: Float32Array,
  vectors: Float32Array,
  limit: number,
): { row: number; similarity: number }[] {
  const dimension = query.length;
  const rows = vectors.length / dimension;
  const queryNorm = norm(query, 0, dimension);
  const similarities = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    similarities[row] = cosineSimilarity(query, queryNorm, vectors, row * dimension);
  }
  let order: number[];
  if (limit < rows) {
    // Takes all rows above the limit-th best value, then rows equal to it, in row order.
    const threshold = Float64Array.from(similarities).sort()[rows - limit]!;
    order = [];
    const equal: number[] = [];
    for (let row = 0; row < rows; row++) {
      if (similarities[row]! > threshold) order.push(row);
      else if (similarities[row] === threshold) equal.push(row);
    }
    order.push(...equal.slice(0, limit - order.length));
  } else {
    order = Array.from({ length: rows }, (_, row) => row);
  }
  return order
    .map((row) => ({ row, similarity: similarities[row]! }))
    .sort((a, b) => b.similarity - a.similarity);
}
