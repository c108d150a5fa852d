/** What the notes of an index can be filtered by. */
import { offeredFields } from '../../core/index/filter/offeredFields.js';
import type { Store } from '../../core/index/store.js';
import type { FilterField } from '../../protocol/lookup.js';
import type { Snapshots } from './snapshots.js';

/** None for an index that is too large to be kept in memory: it is not filtered. */
export async function readFields(
  store: Store,
  snapshots: Snapshots,
): Promise<readonly FilterField[]> {
  if (!(await snapshots.size(store)).isHeld) return [];
  return offeredFields(await snapshots.get(store), store.manifest.fields ?? []);
}
