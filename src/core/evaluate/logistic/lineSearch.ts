/**
 * A step length along a descent direction of a convex function that meets the strong Wolfe
 * conditions (Nocedal & Wright, "Numerical Optimization", 2nd ed., section 3.1). The slope of a
 * convex function rises along the line, so slopes bracket the step. Close to the minimum, where
 * differences of values drown in rounding, the decrease is judged by the slope instead (Hager &
 * Zhang, "A new conjugate gradient method with guaranteed descent", SIAM J. Optim. 2005).
 */
export interface LinePoint {
  readonly value: number;
  /** Derivative by the step length. */
  readonly slope: number;
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;
/** Largest slope, as a share of the first, at which values that agree up to rounding count as a decrease. */
const approximateSlope = 0.8;
const rounding = 1e-13;
const mostEvaluations = 50;

/**
 * @param at evaluates the line; the last call is at the returned step
 * @param start the function at step 0, with a negative slope
 * @returns the step, or `null` if none was found, which for a convex function means that rounding hides any decrease
 */
export function strongWolfeStep(
  at: (step: number) => LinePoint,
  start: LinePoint,
  firstStep: number,
): (LinePoint & { readonly step: number }) | null {
  let low = { step: 0, slope: start.slope };
  let high: typeof low | null = null;
  let step = firstStep;
  for (let i = 0; i < mostEvaluations; i++) {
    const { value, slope } = at(step);
    const finite = Number.isFinite(value) && Number.isFinite(slope);
    if (finite && slope < curvature * start.slope) {
      const before: typeof low = low;
      low = { step, slope };
      step = high === null ? beyond(before, low) : between(low, high);
    } else if (
      finite &&
      slope <= -curvature * start.slope &&
      decreased(start, step, value, slope)
    ) {
      return { step, value, slope };
    } else {
      high = { step, slope: finite ? slope : Infinity };
      step = between(low, high);
    }
    if (high !== null && high.step - low.step <= Number.EPSILON * high.step) return null;
  }
  return null;
}

function decreased(start: LinePoint, step: number, value: number, slope: number): boolean {
  if (value <= start.value + sufficientDecrease * step * start.slope) return true;
  const equal = value <= start.value + rounding * Math.max(1, Math.abs(start.value));
  return equal && slope <= -approximateSlope * start.slope;
}

interface Slope {
  readonly step: number;
  readonly slope: number;
}

/** Where the slopes of two points say that the minimum is, 1.5 to 10 times as far as the second. */
function beyond(first: Slope, second: Slope): number {
  const rise = second.slope - first.slope;
  const root = second.step - (second.slope * (second.step - first.step)) / rise;
  return rise > 0
    ? Math.min(10 * second.step, Math.max(1.5 * second.step, root))
    : 10 * second.step;
}

/** Where a straight line through both slopes is 0, kept away from the ends. */
function between(low: Slope, high: Slope): number {
  const width = high.step - low.step;
  const share = Number.isFinite(high.slope) ? low.slope / (low.slope - high.slope) : 0.5;
  return low.step + width * Math.min(0.9, Math.max(0.1, share));
}
