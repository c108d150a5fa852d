/**
 * Intervals by bootstrap: a measure is a function of how often each note counts. With every note once it gives the
 * figure, with the notes of a resample one of the values of which the interval is made.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import { percentileInterval } from '../../base/intervals.js';
import type { Resamples } from '../../base/resamples.js';

/**
 * Figures by name, NaN where one is not defined. A note that is drawn twice is no pair with itself. What is expensive
 * to find again (neighbours, clusters) stays as it is among all notes: the interval is then of the mean over notes.
 *
 * @param weights [notes]
 */
export type Measure = (weights: Int32Array) => Readonly<Record<string, number>>;

export interface Estimated {
  /** NaN where it is not defined. */
  readonly value: number;
  /** Of each resample. */
  readonly resampled: Float64Array;
}

export interface Interval {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface EstimateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly pauseGate?: (() => Promise<void>) | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** @returns figures by name; two measures never give the same name */
export async function estimate(
  measures: readonly Measure[],
  notes: number,
  resamples: Resamples,
  { signal, pauseGate, onProgress }: EstimateOptions = {},
): Promise<Map<string, Estimated>> {
  const weights = new Int32Array(notes).fill(1);
  const found = new Map<string, Estimated>();
  for (const measure of measures) {
    for (const [name, value] of Object.entries(measure(weights))) {
      if (found.has(name)) throw new Error(`two measures give ${name}`);
      found.set(name, { value, resampled: new Float64Array(resamples.count).fill(NaN) });
    }
  }
  for (let index = 0; index < resamples.count; index++) {
    throwIfAborted(signal);
    onProgress?.(index, resamples.count);
    await pauseGate?.();
    await setImmediate();
    resamples.drawDocuments(index, weights);
    for (const measure of measures) {
      for (const [name, value] of Object.entries(measure(weights))) {
        const estimated = found.get(name);
        if (estimated !== undefined) estimated.resampled[index] = value;
      }
    }
  }
  onProgress?.(resamples.count, resamples.count);
  return found;
}

/** With `null` for whatever is not defined. */
export function intervalOf({ value, resampled }: Estimated): Interval {
  if (!Number.isFinite(value)) return { value: null, low: null, high: null };
  const found = percentileInterval(resampled.filter(Number.isFinite));
  return { value, low: found?.low ?? null, high: found?.high ?? null };
}

/** Fewer for many notes, whose intervals are narrow and whose resamples take long. */
export function resampleCount(notes: number): number {
  return Math.min(1000, Math.max(200, Math.floor(2e7 / Math.max(1, notes))));
}
