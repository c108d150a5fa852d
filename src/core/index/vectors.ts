import { compareIds } from './ids.js';
import type { Store } from './store.js';
import { rowsOf } from './tables.js';

/**
 * All documents as columns, ordered by id, so that results do not depend on the order of writing.
 */
export interface DocumentVectors {
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  readonly categories: readonly (string | null)[];
  readonly groups: readonly (string | null)[];
  /** [documents, dimension], normalised. */
  readonly vectors: Float32Array;
  readonly dimension: number;
}

/** Reads every document of the store with its vector, for code that needs all, such as a map. */
export async function allDocumentVectors({ tables, manifest }: Store): Promise<DocumentVectors> {
  const { dimension } = manifest;
  const columns = ['id', 'key', 'category', 'group', 'vector'] as const;
  const rows = await rowsOf(tables.documents(columns));
  rows.sort((a, b) => compareIds(a.id, b.id));
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => vectors.set(row.vector, i * dimension));
  return {
    ids: rows.map((row) => row.id),
    keys: rows.map((row) => row.key),
    categories: rows.map((row) => row.category),
    groups: rows.map((row) => row.group),
    vectors,
    dimension,
  };
}
