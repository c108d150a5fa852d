/** The map of a store as panels draw it: its projection, with the notes' names and categories. */
import { usageError } from '../../core/base/errors.js';
import { storeStatus } from '../../core/index/store.js';
import type { Store } from '../../core/index/store.js';
import type { ClusterMap, StoreStatus } from '../../protocol/lookup.js';

export async function readStoreStatus(folder: string): Promise<StoreStatus> {
  const { exists, documents, passages, model, corpus } = await storeStatus(folder);
  return { exists, documents, passages, model, corpus, hasProjection: false };
}

export async function readClusterMap(store: Store): Promise<ClusterMap> {
  await store.isCurrent();
  throw usageError('The notes have no map yet: run Show Clusters.');
}
