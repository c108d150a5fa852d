/** Counts what a process holds already, its corpus above all, among what a plan needs. */
import { processBytes } from '../../core/train/needs.js';
import type { RunPlan } from '../../core/train/runPlan.js';

/**
 * @param plan its needs are those of training, and its free memory is what was left beside the corpus
 * @param heldBefore bytes that the process held when its free memory was measured
 * @param held bytes that it holds now
 * @param peak the most that it held so far: reading takes more than what it leaves behind
 */
export function withHeldMemory(
  plan: RunPlan,
  { heldBefore, held, peak }: Readonly<Record<'heldBefore' | 'held' | 'peak', number>>,
): RunPlan {
  const { memoryBytes, freeMemoryBytes } = plan;
  // The plan counts Node and its libraries.
  const beyond = (bytes: number): number => Math.max(0, bytes - processBytes);
  return {
    ...plan,
    memoryBytes: Math.max(peak, memoryBytes + beyond(held)),
    freeMemoryBytes: freeMemoryBytes === null ? null : freeMemoryBytes + beyond(heldBefore),
  };
}
