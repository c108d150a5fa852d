import type { MetricsLine, RunProgress } from '../../src/protocol/run.js';
import type { Curve } from '../../src/core/report/drawing/series.js';

/** A run's metrics so far, as columns that grow while it runs. */
export interface Curves {
  /** The weighted sum that is minimised. */
  readonly loss: GrowingCurve;
  readonly heldOut: GrowingCurve;
  /** The unweighted losses, by name. */
  readonly losses: Record<string, GrowingCurve>;
  readonly heldOutLosses: Record<string, GrowingCurve>;
  readonly learningRate: GrowingCurve;
  readonly speed: GrowingCurve;
  readonly memory: GrowingCurve;
  /** Step and time of every line that has a training loss. */
  readonly times: GrowingCurve;
}

export interface GrowingCurve extends Curve {
  readonly x: number[];
  readonly y: number[];
}

export function emptyCurves(): Curves {
  return {
    loss: emptyCurve(),
    heldOut: emptyCurve(),
    losses: {},
    heldOutLosses: {},
    learningRate: emptyCurve(),
    speed: emptyCurve(),
    memory: emptyCurve(),
    times: emptyCurve(),
  };
}

export function emptyCurve(): GrowingCurve {
  return { x: [], y: [] };
}

/** Returns a new object that shares the same, now longer, columns. */
export function appendLines(curves: Curves, lines: readonly MetricsLine[]): Curves {
  for (const line of lines) {
    const { step, loss } = line;
    // A step in which no loss could be computed has no total either.
    if (Object.keys(line.losses).length > 0) append(curves.loss, step, loss);
    append(curves.heldOut, step, line.heldOutLoss);
    if (loss !== null) appendParts(curves.losses, step, line.losses);
    if (line.heldOutLoss !== null) {
      appendParts(curves.heldOutLosses, step, line.heldOutLosses ?? {});
    }
    append(curves.learningRate, step, line.learningRate);
    append(curves.speed, step, line.tokensPerSecond);
    if (loss !== null) {
      append(curves.memory, step, line.memoryBytes);
      append(curves.times, step, line.time);
    }
  }
  return { ...curves };
}

function appendParts(
  curves: Record<string, GrowingCurve>,
  step: number,
  parts: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(parts)) {
    append((curves[name] ??= emptyCurve()), step, value);
  }
}

/** A resumed run repeats its last steps: later lines replace earlier ones. */
function append(curve: GrowingCurve, step: number, value: number | null): void {
  if (value === null) return;
  while (curve.x.length > 0 && (curve.x.at(-1) ?? 0) >= step) {
    curve.x.pop();
    curve.y.pop();
  }
  curve.x.push(step);
  curve.y.push(value);
}

/** Milliseconds that the remaining steps take at the recent pace, or `null` if unknown. */
export function timeLeft(curves: Curves, progress: RunProgress | null): number | null {
  const { x: steps, y: times } = curves.times;
  const last = steps.length - 1;
  if (progress === null || progress.total === null || last < 3) return null;
  if (!progress.unit.startsWith('step')) return null;
  const from = Math.max(0, last - 50);
  // The median ignores evaluations and pauses between steps.
  const paces = Array.from({ length: last - from }, (_, i) => {
    const k = from + i;
    return ((times[k + 1] ?? 0) - (times[k] ?? 0)) / ((steps[k + 1] ?? 0) - (steps[k] ?? 0));
  }).sort((a, b) => a - b);
  return (paces[paces.length >> 1] ?? 0) * Math.max(0, progress.total - progress.done);
}
