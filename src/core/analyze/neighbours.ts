/**
 * Measures how often a note's nearest neighbour has the same category: a simple test of an
 * embedding space.
 */

export interface NeighbourQuestion {
  /** [documents, dimension] */
  readonly vectors: Float32Array;
  readonly dimension: number;
  /** Documents without a category are neither queries nor neighbours. */
  readonly categories: readonly (string | null)[];
  /** Documents of the same group (patient) do not count as neighbours. */
  readonly groups?: readonly (string | null)[];
}

export interface NeighbourAnswer {
  /**
   * Share of documents whose nearest neighbour by cosine has their category; `null` if there are
   * none.
   */
  readonly accuracy: number | null;
  /** Number of queries: documents with a category and with a neighbour outside their group. */
  readonly documents: number;
}

/** Exact search for one nearest neighbour, excluding itself; ties go to the first. */
export function nearestNeighbourCategoryAccuracy(question: NeighbourQuestion): NeighbourAnswer {
  const { vectors, dimension, categories, groups } = question;
  const rows = categories.flatMap((category, row) => (category === null ? [] : [row]));
  const units = normalisedRows(vectors, rows, dimension);
  const n = rows.length;
  const best = new Float32Array(n).fill(-Infinity);
  const nearest = new Int32Array(n).fill(-1);
  const groupOf = rows.map((row) => groups?.[row] ?? null);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if (groupOf[a] !== null && groupOf[a] === groupOf[b]) continue;
      let dot = 0;
      for (let i = 0; i < dimension; i++)
        dot += units[a * dimension + i]! * units[b * dimension + i]!;
      dot = Math.fround(dot);
      if (dot > best[a]!) {
        best[a] = dot;
        nearest[a] = b;
      }
      if (dot > best[b]!) {
        best[b] = dot;
        nearest[b] = a;
      }
    }
  }
  let documents = 0;
  let right = 0;
  for (let a = 0; a < n; a++) {
    const neighbour = nearest[a]!;
    if (neighbour < 0) continue;
    documents++;
    if (categories[rows[a]!] === categories[rows[neighbour]!]) right++;
  }
  return { accuracy: documents === 0 ? null : right / documents, documents };
}

function normalisedRows(
  vectors: Float32Array,
  rows: readonly number[],
  dimension: number,
): Float32Array {
  const units = new Float32Array(rows.length * dimension);
  rows.forEach((row, position) => {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (length > 0)
      units.set(
        vector.map((value) => value / length),
        position * dimension,
      );
  });
  return units;
}

/**
 * @param queries [queries, dimension]
 * @param rows [rows, dimension], at least one
 * @returns for each query the nearest row by cosine; ties go to the first
 */
export function nearestRows(
  queries: Float32Array,
  rows: Float32Array,
  dimension: number,
): Int32Array {
  const placesIn = ({ length }: Float32Array): number[] => [...Array(length / dimension).keys()];
  const [queryPlaces, places] = [placesIn(queries), placesIn(rows)];
  const from = normalisedRows(queries, queryPlaces, dimension);
  const to = normalisedRows(rows, places, dimension);
  return Int32Array.from(queryPlaces, (query) => {
    let [nearest, best] = [0, -Infinity];
    for (const row of places) {
      let dot = 0;
      for (let i = 0; i < dimension; i++) {
        dot += from[query * dimension + i]! * to[row * dimension + i]!;
      }
      if (dot <= best) continue;
      [nearest, best] = [row, dot];
    }
    return nearest;
  });
}
