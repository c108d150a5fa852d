/** How many threads and how much memory a process may use, and how politely. */
import { availableParallelism, constants, freemem, setPriority, totalmem } from 'node:os';

import { threadsVariable } from '../protocol/rpc.js';
import { pageCacheBytes } from './pageCache.js';

/** Threads of a job: NOTESPACE_THREADS, else the cores, but no more than pay off. */
export function jobThreads(env: NodeJS.ProcessEnv): number {
  return threadsFrom(env) ?? Math.min(16, availableParallelism());
}

/** Threads of the lookup engine: one sentence is embedded in milliseconds with one. */
export function lookupThreads(env: NodeJS.ProcessEnv): number {
  return threadsFrom(env) ?? 1;
}

function threadsFrom(env: NodeJS.ProcessEnv): number | null {
  const value = Number(env[threadsVariable]);
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Jobs yield to whatever the user does meanwhile, lookups among it. */
export function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // not allowed here; the job runs all the same
  }
}

/** What a system says of its memory, in bytes. */
export interface MemoryFigures {
  readonly total: number;
  /** In the whole machine. */
  readonly free: number;
  /** Of this process's container; 0, or more than there is, where there is none. */
  readonly limit: number;
  /** What the container has left, its page cache taken for used; `null`: an older Node. */
  readonly left: number | null;
  /** Page cache of the container, which makes room when asked. */
  readonly pageCache: number;
}

/** Memory that a job may take. macOS counts what it could free at once as used. */
export function availableMemoryBytes(): number {
  const total = totalmem();
  return availableOf({
    total,
    free: process.platform === 'darwin' ? 0.75 * total : freemem(),
    limit: process.constrainedMemory(),
    left: (process as Partial<NodeJS.Process>).availableMemory?.() ?? null,
    pageCache: pageCacheBytes(),
  });
}

export function availableOf({ total, free, limit, left, pageCache }: MemoryFigures): number {
  if (!(limit > 0 && limit < total)) return free;
  return Math.min(free, limit, left === null ? limit : left + pageCache);
}
