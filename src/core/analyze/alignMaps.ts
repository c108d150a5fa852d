/**
 * Turns a map so that it lies on another of the same notes as well as it can: rotated, mirrored and
 * scaled, which leaves neighbours as they are (orthogonal Procrustes analysis; Gower and Dijksterhuis,
 * "Procrustes Problems", 2004, chapter 4). In the plane the best rotation has a closed form.
 */

/** Coordinates by note [notes] each. */
export interface MapPoints {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface AlignedMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * @param moved what is turned
 * @param fixed what it is laid on, the same notes in the same order; both end with their means at 0
 */
export function alignMap(moved: MapPoints, fixed: MapPoints): AlignedMap {
  if (moved.x.length !== fixed.x.length) {
    throw new RangeError(`maps of ${moved.x.length} and ${fixed.x.length} notes cannot be aligned`);
  }
  const [from, to] = [centred(moved), centred(fixed)];
  const plain = fit(from, to);
  const mirrored = { x: from.x.map((value) => -value), y: from.y };
  const flipped = fit(mirrored, to);
  const [points, best] = flipped.match > plain.match ? [mirrored, flipped] : [from, plain];
  const size = sumOf(points.x, (x, i) => x * x + points.y[i]! ** 2);
  // A map whose points all coincide, or one that has nothing in common with the other, stays as it is.
  const scale = size > 0 && best.match > 0 ? best.match / size : 1;
  const [cos, sin] = [scale * Math.cos(best.angle), scale * Math.sin(best.angle)];
  return {
    x: points.x.map((x, i) => cos * x - sin * points.y[i]!),
    y: points.x.map((x, i) => sin * x + cos * points.y[i]!),
  };
}

export function centred({ x, y }: MapPoints): AlignedMap {
  const column = (values: ArrayLike<number>): Float64Array => {
    const copy = Float64Array.from(values);
    const mean = sumOf(copy, (value) => value) / Math.max(1, copy.length);
    return copy.map((value) => value - mean);
  };
  return { x: column(x), y: column(y) };
}

/** The angle that brings `from` nearest to `to`, and how well they then match. */
function fit(from: AlignedMap, to: AlignedMap): { readonly angle: number; readonly match: number } {
  const along = sumOf(from.x, (x, i) => x * to.x[i]! + from.y[i]! * to.y[i]!);
  const across = sumOf(from.x, (x, i) => x * to.y[i]! - from.y[i]! * to.x[i]!);
  return { angle: Math.atan2(across, along), match: Math.hypot(along, across) };
}

function sumOf(values: Float64Array, term: (value: number, i: number) => number): number {
  return values.reduce((sum, value, i) => sum + term(value, i), 0);
}
