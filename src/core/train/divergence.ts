/** Detects a growing loss before its checkpoints push out the good ones. */
import type { TrainingProgress } from './checkpoint.js';

/** Steps to average losses over; a loss that stays high for longer ends the run. */
const reach = 10;
/** Minimum number of losses for a mean: a single one is too noisy. */
const fewest = 3;

/** End of an error message: what is left and what to do. */
export function whatNow({ savedStep }: { readonly savedStep: number | null }): string {
  const kept = savedStep === null ? '' : 'the last good checkpoint is kept; ';
  return `${kept}start again with a lower learningRate or more warmupSteps.`;
}

/**
 * Updates the count of suspicious steps. All state is in `progress`, so that a resumed run decides
 * alike.
 */
export function watchDivergence(progress: TrainingProgress): void {
  progress.suspiciousSteps = isHigh(progress) ? progress.suspiciousSteps + 1 : 0;
}

/** Whether the latest losses are far above the initial ones. */
export function isSuspicious({ suspiciousSteps }: TrainingProgress): boolean {
  return suspiciousSteps > 0;
}

/** Whether the loss has been high for long enough to stop. */
export function hasDiverged({ suspiciousSteps }: TrainingProgress): boolean {
  // A single spike stays in the mean for `reach` steps, which is no reason to stop.
  return suspiciousSteps > reach;
}

/** A contrastive loss may start near 0, so the limit has a constant part. */
function isHigh(progress: TrainingProgress): boolean {
  const { lastLosses } = progress;
  return lastLosses.length >= fewest && mean(lastLosses) > 2 * beginning(progress) + 1;
}

/**
 * The initial loss. A loss that explodes early raises the mean of the first losses, but not the
 * very first loss or the held-out one. Takes the higher of those two, since either may be low by
 * chance: one comes from a batch of few tokens, the other from a comparison of few notes.
 */
function beginning({ firstLosses, heldOutLossBefore }: TrainingProgress): number {
  return Math.min(mean(firstLosses), Math.max(firstLosses[0] ?? 0, heldOutLossBefore));
}

/** Advice if training made the model worse; otherwise `null`. */
export function adviceOnRise(
  { before, after }: { readonly before: number; readonly after: number },
  comparesNotes: boolean,
): string | null {
  // With few held-out notes, a contrastive loss varies by chance.
  const chance = comparesNotes ? 0.5 : 0.05;
  if (after <= before + chance) return null;
  return `The held-out loss rose from ${before.toFixed(2)} to ${after.toFixed(2)}, so that the base model suits such notes better: start again with a lower learningRate, more warmupSteps or fewer steps.`;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
