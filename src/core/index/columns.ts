import type { DocumentColumns, DocumentRow } from './tables.js';

/** Rows as columns, in order of id, so that results do not depend on the order of writing. */
export function toColumns(rows: readonly DocumentRow[], dimension: number): DocumentColumns {
  const sorted = [...rows].sort((a, b) => compareIds(a.id, b.id));
  const vectors = new Float32Array(sorted.length * dimension);
  sorted.forEach((row, i) => {
    vectors.set(row.vector, i * dimension);
  });
  return {
    ids: sorted.map((row) => row.id),
    keys: sorted.map((row) => row.key),
    categories: sorted.map((row) => row.category),
    groups: sorted.map((row) => row.group),
    files: sorted.map((row) => row.file),
    vectors,
    dimension,
  };
}

/** By UTF-16 units: the same on every machine, whatever its language. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
