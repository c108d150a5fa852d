/** The words of the notes of a store, as code needs them that counts over all notes. */
import type { Store } from '../store.js';
import { rowsOf } from '../tables.js';
import { joinTermRows, termRowsOf } from './termRows.js';
import type { TermRows } from './termRows.js';
import { completeTerms, placesIn, readTermPlaces } from './termStore.js';

/** In the order of `keys`; a note that the store no longer holds has no words. */
export async function storedTerms(
  { folder, tables }: Pick<Store, 'folder' | 'tables'>,
  keys: readonly string[],
): Promise<TermRows> {
  const live = await rowsOf(tables.documents(['key', 'fingerprint']));
  const known = await readTermPlaces(folder);
  const added = placesIn(await completeTerms(tables, live, known));
  const none = { from: termRowsOf([{ key: '', fingerprint: '', text: '' }]), row: 0 };
  return joinTermRows(keys.map((key) => added.get(key) ?? known.get(key) ?? none));
}
