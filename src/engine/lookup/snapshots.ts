/** What is in memory of each open store, brought up to date before each search. */
import { readSnapshot } from '../../core/index/snapshot.js';
import type { Snapshot } from '../../core/index/snapshot.js';
import type { Store } from '../../core/index/store.js';
import { availableMemoryBytes } from '../resources.js';

export interface StoreSize {
  readonly documents: number;
  /** Whether lookups hold the index in memory; if not, its notes are found by their vectors alone. */
  readonly isHeld: boolean;
}

export interface Snapshots {
  get(store: Store): Promise<Snapshot>;
  size(store: Store): Promise<StoreSize>;
}

/** More notes take too long, whatever the memory. */
const mostNotes = 1_500_000;
/** What a note takes beside its vectors: its fields, places and words. */
const bytesANote = 2_000;
/** An index takes up to this share of the memory that is there when it is first looked up. */
const shareOfMemory = 0.5;

/** @param counts of an index; @param memory bytes that the process may have */
export function fitsInMemory(
  { documents, passages }: { readonly documents: number; readonly passages: number },
  dimension: number,
  memory: number,
): boolean {
  // Of notes of a single passage, one vector is held: in two bytes a number, and in one for scanning.
  const vectors = documents + Math.max(0, passages - documents);
  const bytes = documents * bytesANote + vectors * dimension * 3;
  return documents <= mostNotes && bytes <= shareOfMemory * memory;
}

/** @param available bytes that the process may have */
export function createSnapshots(available: () => number = availableMemoryBytes): Snapshots {
  const latest = new WeakMap<Store['tables'], Promise<Snapshot>>();
  const sizes = new WeakMap<Store['tables'], StoreSize & { readonly version: string }>();
  return {
    // One after the other, so that two requests do not read the same notes.
    get(store) {
      const before = latest.get(store.tables);
      const read = async (): Promise<Snapshot> => {
        const known = await before?.catch(() => null);
        return readSnapshot(store, known ?? null, { memory: available() });
      };
      const snapshot = read();
      latest.set(store.tables, snapshot);
      snapshot.catch(() => {
        if (latest.get(store.tables) === snapshot) latest.delete(store.tables);
      });
      return snapshot;
    },
    async size({ tables, manifest }) {
      const version = await tables.version();
      const before = sizes.get(tables);
      if (before?.version === version) return before;
      const counts = await tables.counts();
      // What is held has taken its memory already.
      const isHeld = latest.has(tables) || fitsInMemory(counts, manifest.dimension, available());
      const size = { version, documents: counts.documents, isHeld };
      sizes.set(tables, size);
      return size;
    },
  };
}
