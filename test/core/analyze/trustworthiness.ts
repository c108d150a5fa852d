/** scikit-learn's trustworthiness: are neighbours on the map neighbours in the space, too? */
export function trustworthiness(
  vectors: Float32Array,
  dimension: number,
  points: { readonly x: Float32Array; readonly y: Float32Array },
  neighbours: number,
): number {
  const n = points.x.length;
  const row = (i: number) => vectors.subarray(i * dimension, (i + 1) * dimension);
  const cosineDistance = (i: number, j: number): number => {
    const a = row(i);
    const b = row(j);
    const dot = a.reduce((sum, value, k) => sum + value * b[k]!, 0);
    return 1 - dot / Math.hypot(...a) / Math.hypot(...b);
  };
  const mapDistance = (i: number, j: number): number =>
    Math.hypot(points.x[i]! - points.x[j]!, points.y[i]! - points.y[j]!);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
    const order = (distance: (i: number, j: number) => number): number[] => {
      const distances = new Map(others.map((j) => [j, distance(i, j)]));
      return [...others].sort((a, b) => distances.get(a)! - distances.get(b)!);
    };
    const ranks = new Map(order(cosineDistance).map((j, rank) => [j, rank + 1]));
    for (const j of order(mapDistance).slice(0, neighbours)) {
      penalty += Math.max(0, ranks.get(j)! - neighbours);
    }
  }
  return 1 - (2 * penalty) / (n * neighbours * (2 * n - 3 * neighbours - 1));
}
