import type { MetricsLine, RunProgress } from '../../src/protocol/run.js';
import type { Curve } from '../shared/series.js';

/** The figures of a run so far, a column a kind; grows while the run goes. */
export interface Curves {
  readonly loss: GrowingCurve;
  readonly heldOut: GrowingCurve;
  readonly learningRate: GrowingCurve;
  readonly speed: GrowingCurve;
  readonly memoryBytes: number | null;
  /** Step and time of every line with a training loss. */
  readonly times: GrowingCurve;
}

export interface GrowingCurve extends Curve {
  readonly x: number[];
  readonly y: number[];
}

export function emptyCurves(): Curves {
  const curve = (): GrowingCurve => ({ x: [], y: [] });
  return {
    loss: curve(),
    heldOut: curve(),
    learningRate: curve(),
    speed: curve(),
    memoryBytes: null,
    times: curve(),
  };
}

export function appendLines(curves: Curves, lines: readonly MetricsLine[]): Curves {
  let { memoryBytes } = curves;
  for (const line of lines) {
    append(curves.loss, line.step, line.loss);
    append(curves.heldOut, line.step, line.heldOutLoss);
    append(curves.learningRate, line.step, line.learningRate);
    append(curves.speed, line.step, line.tokensPerSecond);
    if (line.loss !== null) append(curves.times, line.step, line.time);
    memoryBytes = line.memoryBytes ?? memoryBytes;
  }
  return { ...curves, memoryBytes };
}

/** A resumed run writes its last steps again: the newer line counts. */
function append(curve: GrowingCurve, step: number, value: number | null): void {
  if (value === null) return;
  while (curve.x.length > 0 && (curve.x.at(-1) ?? 0) >= step) {
    curve.x.pop();
    curve.y.pop();
  }
  curve.x.push(step);
  curve.y.push(value);
}

/** Milliseconds that the rest of the steps take at the pace of the last ones, or `null`. */
export function timeLeft(curves: Curves, progress: RunProgress | null): number | null {
  const { x: steps, y: times } = curves.times;
  const last = steps.length - 1;
  if (progress === null || progress.total === null || last < 3) return null;
  if (!progress.unit.startsWith('step')) return null;
  const from = Math.max(0, last - 50);
  // The median pace: a held-out pass or a pause between two steps does not count.
  const paces = Array.from({ length: last - from }, (_, i) => {
    const k = from + i;
    return ((times[k + 1] ?? 0) - (times[k] ?? 0)) / ((steps[k + 1] ?? 0) - (steps[k] ?? 0));
  }).sort((a, b) => a - b);
  return (paces[paces.length >> 1] ?? 0) * Math.max(0, progress.total - progress.done);
}
