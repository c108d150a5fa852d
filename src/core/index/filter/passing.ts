/** Which notes of a snapshot pass a filter; remembered, since one filter stays while many notes are looked up. */
import type { Snapshot } from '../snapshot.js';
import { passes } from './filter.js';
import { fieldValue, refuseUnknownFields } from './noteFields.js';
import { parseFilter } from './parseFilter.js';

/** Filters that are remembered of a snapshot. */
const remembered = 8;

const known = new WeakMap<Snapshot, Map<string, Uint8Array>>();

/**
 * [notes]: 1 for those that pass; not to be written to.
 *
 * @param kept the columns that are kept with the notes
 */
export function passing(snapshot: Snapshot, where: string, kept: readonly string[]): Uint8Array {
  const own = known.get(snapshot) ?? new Map<string, Uint8Array>();
  known.set(snapshot, own);
  const key = JSON.stringify([where, kept]);
  const before = own.get(key);
  if (before !== undefined) {
    // The last in the order of use.
    own.delete(key);
    own.set(key, before);
    return before;
  }
  const { notes } = snapshot;
  const filter = parseFilter(where);
  refuseUnknownFields(filter, notes, kept);
  const found = new Uint8Array(notes.length);
  notes.forEach((note, i) => {
    if (passes(filter, (field) => fieldValue(note, field))) found[i] = 1;
  });
  own.set(key, found);
  const [oldest] = own.keys();
  if (own.size > remembered && oldest !== undefined) own.delete(oldest);
  return found;
}
