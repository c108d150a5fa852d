/** Where one has been, to go back and forward: in memory only, and gone with the window. */
export interface History<T> {
  current(): T | null;
  /** After the current one, in place of those that were ahead; or in place of the current one. */
  put(entry: T, isReplacement: boolean): void;
  canGoBack(): boolean;
  canGoForward(): boolean;
  /** Stays where it is at either end. */
  move(by: -1 | 1): void;
  /** Forgets all others. */
  keep(test: (entry: T) => boolean): void;
}

export function createHistory<T>(most: number): History<T> {
  let entries: readonly T[] = [];
  let at = -1;
  return {
    current: () => entries[at] ?? null,
    put(entry, isReplacement) {
      const before = entries.slice(0, isReplacement ? Math.max(0, at) : at + 1);
      entries = [...before, entry].slice(-most);
      at = entries.length - 1;
    },
    canGoBack: () => at > 0,
    canGoForward: () => at < entries.length - 1,
    move(by) {
      at = Math.max(Math.min(0, at), Math.min(entries.length - 1, at + by));
    },
    keep(test) {
      const kept = entries.filter(test);
      const before = entries.slice(0, at + 1).filter(test).length;
      at = kept.length === 0 ? -1 : Math.max(0, before - 1);
      entries = kept;
    },
  };
}
