/** Thread counts, process priority and available memory. */
import { availableParallelism, constants, freemem, setPriority, totalmem } from 'node:os';

import { threadsVariable } from '../protocol/rpc.js';
import { pageCacheBytes } from './pageCache.js';

/** Threads of a job: NOTESPACE_THREADS, else the number of cores, at most 16. */
export function jobThreads(env: NodeJS.ProcessEnv): number {
  return threadsFrom(env) ?? Math.min(16, availableParallelism());
}

/** Threads of the lookup engine: one is enough to embed a sentence in milliseconds. */
export function lookupThreads(env: NodeJS.ProcessEnv): number {
  return threadsFrom(env) ?? 1;
}

function threadsFrom(env: NodeJS.ProcessEnv): number | null {
  const value = Number(env[threadsVariable]);
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Jobs give way to the user's other work, including lookups. */
export function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // not permitted: the job runs anyway
  }
}

/** Memory figures that the system reports, in bytes. */
export interface MemoryFigures {
  readonly total: number;
  /** In the whole machine. */
  readonly free: number;
  /** Limit of this process's container; 0, or more than `total`, if there is none. */
  readonly limit: number;
  /** What the container has left, counting page cache as used; `null` on an older Node. */
  readonly left: number | null;
  /** Page cache of the container, which is given back on demand. */
  readonly pageCache: number;
}

/** Memory that a job may use. macOS reports memory that it could free at once as used. */
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
