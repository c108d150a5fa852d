/** Orders by counting: of a million scores only the best few are wanted in order. */

/** More than so many are sorted whole. */
const mostHeld = 4096;

/** The n-th best of the scores that `counts` marks; -Infinity if there are no more than n. */
export function nthBest(scores: Float64Array, counts: Uint8Array, n: number): number {
  if (n > mostHeld) return nthSorted(scores, counts, n);
  // A heap of the n best, the least of them at its root.
  const held = new Float64Array(n);
  let size = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (counts[i] === 0 || (size === n && score <= held[0]!)) continue;
    if (size < n) {
      let at = size++;
      for (let up = (at - 1) >> 1; at > 0 && held[up]! > score; up = (at - 1) >> 1) {
        held[at] = held[up]!;
        at = up;
      }
      held[at] = score;
      continue;
    }
    let at = 0;
    for (let down = 1; down < n; down = 2 * at + 1) {
      if (down + 1 < n && held[down + 1]! < held[down]!) down++;
      if (held[down]! >= score) break;
      held[at] = held[down]!;
      at = down;
    }
    held[at] = score;
  }
  return size < n || n === 0 ? -Infinity : held[0]!;
}

/** Steps of a histogram, whose one step that holds the n-th is sorted. */
const steps = 4096;

function nthSorted(scores: Float64Array, counts: Uint8Array, n: number): number {
  let [low, high, total] = [Infinity, -Infinity, 0];
  for (let i = 0; i < scores.length; i++) {
    if (counts[i] === 0) continue;
    const score = scores[i]!;
    total++;
    if (score < low) low = score;
    if (score > high) high = score;
  }
  if (total <= n) return -Infinity;
  const scale = high > low ? (steps - 1) / (high - low) : 0;
  const held = new Uint32Array(steps);
  for (let i = 0; i < scores.length; i++) {
    if (counts[i] === 1) held[Math.floor((scores[i]! - low) * scale)]!++;
  }
  let above = 0;
  let step = steps - 1;
  while (above + held[step]! < n) above += held[step--]!;
  const own = new Float64Array(held[step]!);
  let at = 0;
  for (let i = 0; i < scores.length; i++) {
    if (counts[i] === 1 && Math.floor((scores[i]! - low) * scale) === step) own[at++] = scores[i]!;
  }
  return own.sort()[own.length - (n - above)]!;
}

/** For each threshold: how many of the scores that `counts` marks are above it, or above or equal. */
export function countsAbove(
  scores: Float64Array,
  counts: Uint8Array,
  thresholds: readonly number[],
  equals: 'only' | 'or equal',
): number[] {
  const order = thresholds.map((_, i) => i).sort((a, b) => thresholds[a]! - thresholds[b]!);
  const sorted = Float64Array.from(order, (i) => thresholds[i]!);
  // How many scores pass so many of the thresholds, and no more.
  const passed = new Uint32Array(sorted.length + 1);
  const lowest = sorted[0] ?? Infinity;
  const isEqual = equals === 'or equal';
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    // Most pass none.
    if (score < lowest || counts[i] === 0) continue;
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const threshold = sorted[middle]!;
      if (score > threshold || (isEqual && score === threshold)) from = middle + 1;
      else to = middle;
    }
    passed[from]!++;
  }
  const result = new Array<number>(thresholds.length).fill(0);
  let sum = 0;
  for (let at = sorted.length; at > 0; at--) {
    sum += passed[at]!;
    result[order[at - 1]!] = sum;
  }
  return result;
}
