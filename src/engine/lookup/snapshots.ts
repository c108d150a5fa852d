/** What is in memory of each open store, brought up to date before each search. */
import { readSnapshot } from '../../core/index/snapshot.js';
import type { Snapshot } from '../../core/index/snapshot.js';
import type { Store } from '../../core/index/store.js';

export interface Snapshots {
  get(store: Store): Promise<Snapshot>;
}

export function createSnapshots(): Snapshots {
  const latest = new WeakMap<Store['tables'], Promise<Snapshot>>();
  return {
    // One after the other, so that two requests do not read the same notes.
    get(store) {
      const before = latest.get(store.tables);
      const read = async (): Promise<Snapshot> => {
        const known = await before?.catch(() => null);
        return readSnapshot(store, known ?? null);
      };
      const snapshot = read();
      latest.set(store.tables, snapshot);
      snapshot.catch(() => {
        if (latest.get(store.tables) === snapshot) latest.delete(store.tables);
      });
      return snapshot;
    },
  };
}
