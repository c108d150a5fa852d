/** Notices a loss that grows instead of falling, before its checkpoints push out the good ones. */
import type { TrainingProgress } from './checkpoint.js';

/** Steps over which losses are averaged, and beyond which a loss that stays high ends the run. */
const reach = 10;
/** Losses that a mean is taken of at least: a single one is chance. */
const fewest = 3;

/** What is left and what to do about it, after a colon. */
export function whatNow({ savedStep }: { readonly savedStep: number | null }): string {
  const kept = savedStep === null ? '' : 'the last good checkpoint is kept; ';
  return `${kept}start again with a lower learningRate or more warmupSteps.`;
}

/** Takes note of the latest loss. It all stands in the progress, so that a resumed run sees the same. */
export function watchDivergence(progress: TrainingProgress): void {
  progress.suspiciousSteps = isHigh(progress) ? progress.suspiciousSteps + 1 : 0;
}

/** Whether the latest losses are far above where the loss began. */
export function isSuspicious({ suspiciousSteps }: TrainingProgress): boolean {
  return suspiciousSteps > 0;
}

/** Whether that has been so for long enough to stop. */
export function hasDiverged({ suspiciousSteps }: TrainingProgress): boolean {
  // A single loss stays among the latest ones for `reach` steps, and is no reason to stop.
  return suspiciousSteps > reach;
}

/** A contrastive loss may begin near 0, so a part of the limit does not scale. */
function isHigh(progress: TrainingProgress): boolean {
  const { lastLosses } = progress;
  return lastLosses.length >= fewest && mean(lastLosses) > 2 * beginning(progress) + 1;
}

/**
 * Where the loss began. The mean of the first losses is raised by a loss that explodes among them, the
 * first and the held-out one are not. The higher of those counts, since one alone may be low by
 * chance: the first of a batch of few tokens, the other of few notes that are compared with each other.
 */
function beginning({ firstLosses, heldOutLossBefore }: TrainingProgress): number {
  return Math.min(mean(firstLosses), Math.max(firstLosses[0] ?? 0, heldOutLossBefore));
}

/** A sentence for a model that came out worse than it went in; `null` for one that did not. */
export function adviceOnRise(
  { before, after }: { readonly before: number; readonly after: number },
  comparesNotes: boolean,
): string | null {
  // The few notes that are held out give a contrast that moves by chance.
  const chance = comparesNotes ? 0.5 : 0.05;
  if (after <= before + chance) return null;
  return `The held-out loss rose from ${before.toFixed(2)} to ${after.toFixed(2)}, so that the base model suits such notes better: start again with a lower learningRate, more warmupSteps or fewer steps.`;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
