/** How many threads and how much memory a process may use, and how politely. */
import { availableParallelism, constants, freemem, setPriority, totalmem } from 'node:os';

import { threadsVariable } from '../protocol/rpc.js';

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

/** Memory that a job may take. macOS counts what it could free at once as used. */
export function availableMemoryBytes(): number {
  const available = process.platform === 'darwin' ? 0.75 * totalmem() : freemem();
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? Math.min(available, limit) : available;
}
