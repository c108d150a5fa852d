/**
 * Eigenvalues and eigenvectors of a symmetric matrix: reduction to tridiagonal form by Householder reflections, then
 * QL steps with implicit shifts (Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL algorithms for symmetric
 * matrices", 1968, as in EISPACK's tred2 and tql2).
 */

export interface Eigen {
  /** [size], ascending. */
  readonly values: Float64Array;
  /** [size, size]: the eigenvector of value k is column k. */
  readonly vectors: Float64Array;
}

/** @param matrix [size, size]; only its lower half is read */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const vectors = matrix.slice();
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  if (size > 0) {
    tridiagonalise(vectors, size, diagonal, beside);
    diagonalise(vectors, size, diagonal, beside);
  }
  return { values: diagonal, vectors };
}

function tridiagonalise(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  for (let j = 0; j < n; j++) d[j] = v[(n - 1) * n + j]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = v[(i - 1) * n + j]!;
        v[i * n + j] = 0;
        v[j * n + i] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k]! /= scale;
        h += d[k]! * d[k]!;
      }
      const f = d[i - 1]!;
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      e.fill(0, 0, i);
      reflect(v, n, i, d, e, h);
    }
    d[i] = h;
  }
  accumulate(v, n, d);
  e[0] = 0;
}

/** Applies one reflection from both sides to the rows above `i`. */
function reflect(
  v: Float64Array,
  n: number,
  i: number,
  d: Float64Array,
  e: Float64Array,
  h: number,
): void {
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    v[j * n + i] = f;
    let g = e[j]! + v[j * n + j]! * f;
    for (let k = j + 1; k < i; k++) {
      g += v[k * n + j]! * d[k]!;
      e[k]! += v[k * n + j]! * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j]! /= h;
    f += e[j]! * d[j]!;
  }
  const half = f / (h + h);
  for (let j = 0; j < i; j++) e[j]! -= half * d[j]!;
  for (let j = 0; j < i; j++) {
    const [fj, gj] = [d[j]!, e[j]!];
    for (let k = j; k < i; k++) v[k * n + j]! -= fj * e[k]! + gj * d[k]!;
    d[j] = v[(i - 1) * n + j]!;
    v[i * n + j] = 0;
  }
}

function accumulate(v: Float64Array, n: number, d: Float64Array): void {
  const g = new Float64Array(n);
  for (let i = 0; i < n - 1; i++) {
    v[(n - 1) * n + i] = v[i * n + i]!;
    v[i * n + i] = 1;
    const h = d[i + 1]!;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[k * n + i + 1]! / h;
      // By rows, since they are what lies together in memory.
      g.fill(0, 0, i + 1);
      for (let k = 0; k <= i; k++) {
        const factor = v[k * n + i + 1]!;
        for (let j = 0; j <= i; j++) g[j]! += factor * v[k * n + j]!;
      }
      for (let k = 0; k <= i; k++) {
        const factor = d[k]!;
        for (let j = 0; j <= i; j++) v[k * n + j]! -= g[j]! * factor;
      }
    }
    for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[(n - 1) * n + j]!;
    v[(n - 1) * n + j] = 0;
  }
  v[(n - 1) * n + n - 1] = 1;
}

function diagonalise(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  e[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++;
    if (m > l) {
      do {
        let g = d[l]!;
        let p = (d[l + 1]! - g) / (2 * e[l]!);
        let r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
        d[l] = e[l]! / (p + r);
        d[l + 1] = e[l]! * (p + r);
        const next = d[l + 1]!;
        const h = g - d[l]!;
        for (let i = l + 2; i < n; i++) d[i]! -= h;
        shift += h;
        p = d[m]!;
        let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
        const beyond = e[l + 1]!;
        for (let i = m - 1; i >= l; i--) {
          c3 = c2;
          c2 = c;
          s2 = s;
          g = c * e[i]!;
          const hh = c * p;
          r = Math.hypot(p, e[i]!);
          e[i + 1] = s * r;
          s = e[i]! / r;
          c = p / r;
          p = c * d[i]! - s * g;
          d[i + 1] = hh + s * (c * g + s * d[i]!);
          for (let k = 0; k < n; k++) {
            const right = v[k * n + i + 1]!;
            const left = v[k * n + i]!;
            v[k * n + i + 1] = s * left + c * right;
            v[k * n + i] = c * left - s * right;
          }
        }
        p = (-s * s2 * c3 * beyond * e[l]!) / next;
        e[l] = s * p;
        d[l] = c * p;
      } while (Math.abs(e[l]!) > Number.EPSILON * largest);
    }
    d[l]! += shift;
    e[l] = 0;
  }
  sortAscending(v, n, d);
}

function sortAscending(v: Float64Array, n: number, d: Float64Array): void {
  const order = [...d.keys()].sort((a, b) => d[a]! - d[b]!);
  const [values, vectors] = [d.slice(), v.slice()];
  order.forEach((from, to) => {
    d[to] = values[from]!;
    for (let k = 0; k < n; k++) v[k * n + to] = vectors[k * n + from]!;
  });
}
