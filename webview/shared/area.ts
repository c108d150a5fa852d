/** Areas of the plane, by their outlines. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A closed line; its last place is joined to its first. */
export type Outline = readonly Place[];

export function boxOutline(a: Place, b: Place): Outline {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

/** Points within, by the even-odd rule: a part that a line goes round twice is outside. */
export function pointsWithin(
  { x, y }: { readonly x: Float32Array; readonly y: Float32Array },
  outline: Outline,
): number[] {
  const [xs, ys] = [outline.map((place) => place.x), outline.map((place) => place.y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (let point = 0; point < x.length; point++) {
    const [px, py] = [x[point] ?? NaN, y[point] ?? NaN];
    if (!(px >= left && px <= right && py >= bottom && py <= top)) continue;
    if (isWithin(px, py, outline)) found.push(point);
  }
  return found;
}

function isWithin(px: number, py: number, outline: Outline): boolean {
  let inside = false;
  let from = outline.at(-1);
  for (const to of outline) {
    if (from !== undefined && from.y > py !== to.y > py) {
      const crossing = from.x + ((py - from.y) / (to.y - from.y)) * (to.x - from.x);
      if (px < crossing) inside = !inside;
    }
    from = to;
  }
  return inside;
}
