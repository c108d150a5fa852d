/** Estimates how long the current phase of a job will take, from what it has done so far. */
import type { RunProgress } from '../../protocol/run.js';

export interface Pace {
  /** @param now milliseconds */
  follow(progress: RunProgress | null, now: number): void;
  /** Milliseconds until the phase ends; `null` while unknown. */
  left(now: number): number | null;
}

/** Before that an estimate would jump about. */
const leastMs = 2000;

export function createPace(): Pace {
  let phase = '';
  let first: { readonly done: number; readonly at: number } | null = null;
  let last: (RunProgress & { readonly at: number }) | null = null;
  return {
    follow(progress, now) {
      if (progress === null) {
        [phase, first, last] = ['', null, null];
        return;
      }
      const isAnother = progress.phase !== phase || progress.done < (last?.done ?? 0);
      if (isAnother || first === null) {
        phase = progress.phase;
        first = { done: progress.done, at: now };
      }
      if (isAnother || progress.done !== last?.done) last = { ...progress, at: now };
    },
    left(now) {
      if (first === null || last === null || last.total === null) return null;
      const done = last.done - first.done;
      const took = last.at - first.at;
      if (done <= 0 || took < leastMs) return null;
      return Math.max(0, (took / done) * (last.total - last.done) - (now - last.at));
    },
  };
}
