/** Notices a loss that grows instead of falling, before its checkpoints push out the good ones. */
import type { TrainingProgress } from './checkpoint.js';

/** Steps over which losses are averaged, and beyond which a loss that stays high ends the run. */
const reach = 10;

/** What to do about it, after a colon or semicolon. */
export const calmer = 'start again with a lower learningRate or more warmupSteps.';

/** Takes note of the latest loss. It all stands in the progress, so that a resumed run sees the same. */
export function watchDivergence(progress: TrainingProgress): void {
  progress.suspiciousSteps = isHigh(progress) ? progress.suspiciousSteps + 1 : 0;
}

/** Whether the latest losses are far above the first ones. */
export function isSuspicious({ suspiciousSteps }: TrainingProgress): boolean {
  return suspiciousSteps > 0;
}

/** Whether that has been so for long enough to stop. */
export function hasDiverged({ suspiciousSteps }: TrainingProgress): boolean {
  // A single loss stays among the latest ones for `reach` steps, and is no reason to stop.
  return suspiciousSteps > reach;
}

/** A contrastive loss may begin near 0, so a part of the limit does not scale. */
function isHigh({ firstLosses, lastLosses }: TrainingProgress): boolean {
  return lastLosses.length === reach && mean(lastLosses) > 2 * mean(firstLosses) + 1;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
