/**
 * Limited-memory BFGS (Liu & Nocedal, "On the limited memory BFGS method for large scale
 * optimization", Math. Programming 1989) for convex functions.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import { strongWolfeStep } from './lineSearch.js';
import type { LinePoint } from './lineSearch.js';

/**
 * A function of a point that its owner keeps. Vectors may be in any representation that is linear:
 * only `dot` knows what they stand for.
 */
export interface ConvexProblem {
  /** Length of a vector. */
  readonly length: number;
  readonly dot: (a: Float64Array, b: Float64Array) => number;
  /** The value at the point. */
  value(): number;
  /**
   * Fills the gradient at the point, and returns the largest absolute value of its entries, or an
   * estimate of it that is far above `tolerance`.
   */
  gradient(out: Float64Array, tolerance: number): Promise<number>;
  /** The function along `direction` from the point. */
  line(direction: Float64Array): Promise<(step: number) => LinePoint>;
  /** Moves the point by the step that was evaluated last on the line. */
  move(direction: Float64Array, step: number): void;
}

export interface LbfgsOptions {
  /** Ends once no entry of the gradient is larger. */
  readonly tolerance: number;
  readonly mostIterations: number;
  readonly signal?: AbortSignal | undefined;
}

export interface LbfgsOutcome {
  readonly iterations: number;
  /** `precision`: no further decrease can be told from rounding. */
  readonly stopped: 'tolerance' | 'precision' | 'iterations';
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step . change) */
  readonly rho: number;
}

/** As many as SciPy keeps. */
const memory = 10;

/** Moves the problem's point to the minimum; checks the signal and yields at each iteration. */
export async function minimise(
  problem: ConvexProblem,
  { tolerance, mostIterations, signal }: LbfgsOptions,
): Promise<LbfgsOutcome> {
  const { length } = problem;
  let value = problem.value();
  // Vectors are used again: with many short fits, making them takes longer than what they are for.
  const spare: Float64Array[] = [];
  const vector = (): Float64Array => spare.pop() ?? new Float64Array(length);
  const forget = ({ step, change }: Pick<Pair, 'step' | 'change'>): void => {
    spare.push(step, change);
  };
  let gradient = vector();
  let largest = await problem.gradient(gradient, tolerance);
  let pairs: Pair[] = [];
  let idle = 0;
  for (let iterations = 0; ; iterations++) {
    if (largest <= tolerance) return { iterations, stopped: 'tolerance' };
    if (iterations >= mostIterations) return { iterations, stopped: 'iterations' };
    if (idle >= 2) return { iterations, stopped: 'precision' };
    throwIfAborted(signal);
    await setImmediate();
    const direction = descent(problem, pairs, gradient, vector());
    const slope = problem.dot(direction, gradient);
    const first = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    const found =
      slope < 0 ? strongWolfeStep(await problem.line(direction), { value, slope }, first) : null;
    if (found === null) {
      // Rounding may have spoilt the remembered curvature: try once along the gradient.
      if (pairs.length === 0) return { iterations, stopped: 'precision' };
      pairs.forEach(forget);
      pairs = [];
      spare.push(direction);
      continue;
    }
    problem.move(direction, found.step);
    const next = vector();
    largest = await problem.gradient(next, tolerance);
    const [step, change] = [direction, gradient];
    for (let i = 0; i < length; i++) {
      step[i]! *= found.step;
      change[i] = next[i]! - change[i]!;
    }
    const curvature = problem.dot(step, change);
    if (curvature > 0) {
      pairs.slice(0, 1 - memory).forEach(forget);
      pairs = [...pairs.slice(1 - memory), { step, change, rho: 1 / curvature }];
    } else {
      forget({ step, change });
    }
    idle = value - found.value <= 2 * Number.EPSILON * Math.max(1, Math.abs(value)) ? idle + 1 : 0;
    gradient = next;
    value = found.value;
  }
}

/** The two-loop recursion: fills `direction` with minus the approximate inverse Hessian times the gradient. */
function descent(
  { dot }: ConvexProblem,
  pairs: readonly Pair[],
  gradient: Float64Array,
  direction: Float64Array,
): Float64Array {
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i]!;
  const alphas: number[] = [];
  for (const { step, change, rho } of pairs.toReversed()) {
    const alpha = rho * dot(step, direction);
    alphas.unshift(alpha);
    add(direction, -alpha, change);
  }
  const newest = pairs.at(-1);
  if (newest !== undefined) {
    const scale = 1 / (newest.rho * dot(newest.change, newest.change));
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  pairs.forEach(({ step, change, rho }, i) => {
    add(direction, alphas[i]! - rho * dot(change, direction), step);
  });
  return direction;
}

function add(vector: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < vector.length; i++) vector[i]! += factor * other[i]!;
}
