/** Open stores of a window's lookups; one that was rebuilt meanwhile is opened again. */
import { openStore } from '../../core/index/store.js';
import type { Store } from '../../core/index/store.js';

export interface Stores {
  /** The store as it is now. */
  get(folder: string): Promise<Store>;
}

export function createStores(): Stores {
  const open = new Map<string, Promise<Store>>();

  async function current(folder: string): Promise<Store> {
    const known = open.get(folder);
    if (known !== undefined) {
      const store = await known;
      if (await store.isCurrent()) return store;
      // Requests that still read it finish first: closing waits for nobody.
      setTimeout(() => void store.close().catch(() => undefined), 30_000).unref();
    }
    const opened = openStore(folder);
    open.set(folder, opened);
    opened.catch(() => open.delete(folder));
    return opened;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    // One after another, so that two requests do not open the same store twice.
    get(folder) {
      const result = last.then(() => current(folder));
      last = result.catch(() => undefined);
      return result;
    },
  };
}
