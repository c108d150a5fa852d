/**
 * k nearest neighbours by cosine, each with one vote, as scikit-learn's KNeighborsClassifier with
 * metric "cosine": classes with equal votes go to the first. Of rows that are equally near, which
 * scikit-learn takes in no stated order, the earlier ones are taken.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import { unitRows } from './unitRows.js';

export interface NeighbourVotes {
  /** [rows, columns] */
  readonly values: Float32Array;
  readonly columns: number;
  /** [rows], classes in [0, classes) */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly k: number;
  /** [queries, columns] */
  readonly queries: Float32Array;
  /** Whether a row may not answer a query: the note itself, its group, its near-copies. */
  readonly excluded?: (query: number, row: number) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Shares of votes [queries, classes]; all 0 where every row was excluded. */
export async function nearestVotes(options: NeighbourVotes): Promise<Float64Array> {
  const { columns, labels, classes, k, signal, excluded = () => false } = options;
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be 1 or more, not ${k}`);
  const rows = unitRows(options.values, columns);
  const queries = unitRows(options.queries, columns);
  const count = queries.length / columns;
  const votes = new Float64Array(count * classes);
  for (let query = 0; query < count; query++) {
    if (query % 64 === 0) {
      throwIfAborted(signal);
      await setImmediate();
    }
    const nearest = nearestOf(
      labels.length,
      k,
      (row) => dot(queries, query * columns, rows, row * columns, columns),
      (row) => excluded(query, row),
    );
    for (const row of nearest) votes[query * classes + labels[row]!]! += 1 / nearest.length;
  }
  return votes;
}

/** Rows in order of similarity: a sorted list of k, since k is small. */
function nearestOf(
  rows: number,
  k: number,
  similarity: (row: number) => number,
  excluded: (row: number) => boolean,
): number[] {
  const nearest: { row: number; similarity: number }[] = [];
  for (let row = 0; row < rows; row++) {
    const near = similarity(row);
    if (nearest.length === k && near <= nearest[k - 1]!.similarity) continue;
    if (excluded(row)) continue;
    let at = nearest.length;
    while (at > 0 && nearest[at - 1]!.similarity < near) at--;
    nearest.splice(at, 0, { row, similarity: near });
    if (nearest.length > k) nearest.pop();
  }
  return nearest.map(({ row }) => row);
}

function dot(
  a: Float64Array,
  fromA: number,
  b: Float64Array,
  fromB: number,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[fromA + i]! * b[fromB + i]!;
  return sum;
}
