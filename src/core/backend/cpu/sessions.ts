/**
 * A cache of training sessions by bucket. Creating one costs as much as a small step; keeping one
 * costs memory.
 */
import type { GraphSession } from '../../graph/session.js';

export interface SessionCache {
  get(bucket: number): Promise<GraphSession>;
  release(): Promise<void>;
}

/**
 * Keeps the most recently used sessions within `limitBytes`, but always at least one.
 *
 * @param bytes memory that each bucket's session keeps
 * @param open creates a bucket's session
 */
export function createSessionCache(
  bytes: readonly number[],
  limitBytes: number,
  open: (bucket: number) => Promise<GraphSession>,
): SessionCache {
  /** Least recently used first. */
  const live = new Map<number, GraphSession>();

  async function makeRoom(needed: number): Promise<void> {
    for (const [bucket, session] of live) {
      const held = [...live.keys()].reduce((sum, key) => sum + bytes[key]!, 0);
      if (held + needed <= limitBytes) return;
      live.delete(bucket);
      await session.release();
    }
  }

  return {
    async get(bucket) {
      let session = live.get(bucket);
      if (session === undefined) {
        await makeRoom(bytes[bucket]!);
        session = await open(bucket);
      }
      live.delete(bucket);
      live.set(bucket, session);
      return session;
    },
    async release() {
      for (const session of live.values()) await session.release();
      live.clear();
    },
  };
}
