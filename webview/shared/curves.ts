import type { MetricsLine, RunProgress } from '../../src/protocol/run.js';
import type { Curve } from '../../src/core/report/drawing/series.js';

/** The figures of a run so far, a column a kind; grows while the run goes. */
export interface Curves {
  /** The weighted sum that is trained. */
  readonly loss: GrowingCurve;
  readonly heldOut: GrowingCurve;
  /** Its parts by the name of the loss, without weights. */
  readonly losses: Record<string, GrowingCurve>;
  readonly heldOutLosses: Record<string, GrowingCurve>;
  readonly learningRate: GrowingCurve;
  readonly speed: GrowingCurve;
  readonly memory: GrowingCurve;
  /** Step and time of every line with a training loss. */
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

/** A new object around the same columns, which have grown. */
export function appendLines(curves: Curves, lines: readonly MetricsLine[]): Curves {
  for (const line of lines) {
    const { step, loss } = line;
    // A step in which nothing could be compared has no loss, whatever stands for it.
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
