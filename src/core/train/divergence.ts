/** Notices a loss that grows instead of falling, before its checkpoints push out the good ones. */

/** Steps over which losses are averaged. */
const reach = 10;

export interface Divergence {
  /** Takes the loss of a step; whether the latest losses are far above the first ones. */
  isSuspicious(loss: number): boolean;
  /** Whether that has been so for long enough to stop. */
  hasDiverged(): boolean;
}

/** @param firstLosses of the run, as they were; filled by the trainer */
export function watchDivergence(firstLosses: readonly number[]): Divergence {
  let latest: number[] = [];
  let suspicious = 0;
  return {
    isSuspicious(loss) {
      latest = [...latest, loss].slice(-reach);
      const start = mean(firstLosses);
      // A contrastive loss may begin near 0, so a part of the limit does not scale.
      const isHigh = latest.length === reach && mean(latest) > 2 * start + 1;
      suspicious = isHigh ? suspicious + 1 : 0;
      return suspicious > 0;
    },
    // A single loss stays among the latest ones for `reach` steps, and is no reason to stop.
    hasDiverged: () => suspicious > reach,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
