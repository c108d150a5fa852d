/** Finds the point nearest to a place without looking at all of them. */
export interface PointGrid {
  /** The nearest point that `accepts` within `radius` (data units), or `null`. */
  nearest(x: number, y: number, radius: number, accepts: (point: number) => boolean): number | null;
}

export function createPointGrid(x: Float32Array, y: Float32Array): PointGrid {
  const count = x.length;
  const side = Math.max(1, Math.ceil(Math.sqrt(count / 4)));
  const [left, right] = extent(x);
  const [bottom, top] = extent(y);
  const column = (value: number): number => cellOf(value, left, right, side);
  const row = (value: number): number => cellOf(value, bottom, top, side);

  // Counting sort: the points of cell c are members[starts[c]] .. members[starts[c + 1] - 1].
  const cells = new Int32Array(count);
  const starts = new Int32Array(side * side + 1);
  for (let i = 0; i < count; i++) {
    const cell = row(y[i] ?? 0) * side + column(x[i] ?? 0);
    cells[i] = cell;
    starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
  }
  for (let c = 0; c < side * side; c++) starts[c + 1] = (starts[c + 1] ?? 0) + (starts[c] ?? 0);
  const next = starts.slice();
  const members = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const cell = cells[i] ?? 0;
    members[next[cell] ?? 0] = i;
    next[cell] = (next[cell] ?? 0) + 1;
  }

  return {
    nearest(px, py, radius, accepts) {
      let best: number | null = null;
      let bestDistance = radius * radius;
      for (let r = row(py - radius); r <= row(py + radius); r++) {
        for (let c = column(px - radius); c <= column(px + radius); c++) {
          const cell = r * side + c;
          for (let k = starts[cell] ?? 0; k < (starts[cell + 1] ?? 0); k++) {
            const point = members[k] ?? 0;
            const distance = ((x[point] ?? 0) - px) ** 2 + ((y[point] ?? 0) - py) ** 2;
            if (distance <= bestDistance && accepts(point)) {
              best = point;
              bestDistance = distance;
            }
          }
        }
      }
      return best;
    },
  };
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

function extent(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function cellOf(value: number, low: number, high: number, side: number): number {
  const cell = Math.floor(((value - low) / Math.max(high - low, 1e-12)) * side);
  return Number.isFinite(cell) ? Math.min(side - 1, Math.max(0, cell)) : 0;
}
