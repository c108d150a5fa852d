import type { Store } from './store.js';
import type { DocumentColumns } from './tables.js';

/** Every document of the store as columns, in order of id; vectors are normalised. */
export function allDocumentVectors(store: Store): Promise<DocumentColumns> {
  return store.tables.allDocuments();
}
