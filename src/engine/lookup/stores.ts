/** The stores that a window has open; one that has been rebuilt is reopened. */
import { openStore } from '../../core/index/store.js';
import type { Store } from '../../core/index/store.js';

export interface Stores {
  /** The current version of the store. */
  get(folder: string): Promise<Store>;
}

export function createStores(): Stores {
  const open = new Map<string, Promise<Store>>();

  async function current(folder: string): Promise<Store> {
    const known = open.get(folder);
    if (known !== undefined) {
      const store = await known;
      const now = await store.current();
      if (now !== null) return now;
      // Delayed, since closing does not wait for requests that are still reading.
      setTimeout(() => void store.close().catch(() => undefined), 30_000).unref();
    }
    const opened = openStore(folder);
    open.set(folder, opened);
    opened.catch(() => open.delete(folder));
    return opened;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    // One at a time, so that two requests do not open the same store twice.
    get(folder) {
      const result = last.then(() => current(folder));
      last = result.catch(() => undefined);
      return result;
    },
  };
}
