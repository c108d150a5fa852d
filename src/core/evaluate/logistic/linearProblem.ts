/** The penalised mean loss of a linear model as a function for the solver. */
import type { CoefficientSpace } from './coefficientSpace.js';
import type { ConvexProblem } from './lbfgs.js';
import type { LabelledRows, ScoreLoss } from './linearLoss.js';

export interface LinearProblem {
  readonly rows: LabelledRows;
  readonly loss: ScoreLoss;
  readonly outputs: number;
  readonly space: CoefficientSpace;
}

export interface LinearFunction extends ConvexProblem {
  /** Changes the function; the point stays. */
  setPenalty(penalty: number): void;
  readonly point: Float64Array;
}

/**
 * Loss of the scores X w + intercepts, plus penalty / 2 |w|^2. The point begins at 0. Scores are
 * kept along with the point, so a line search needs one product with X, not one for each step.
 */
export function linearFunction({ rows, loss, outputs, space }: LinearProblem): LinearFunction {
  const point = new Float64Array(space.length);
  const count = rows.labels.length * outputs;
  const scores = new Float64Array(count);
  const onLine = new Float64Array(count);
  const slopes = new Float64Array(count);
  const residuals = new Float64Array(count);
  const { intercepts } = space;
  let penalty = 0;
  /** Whether `residuals` are those of the point, and not of a step that a line search tried. */
  let current = false;

  function addIntercepts(vector: Float64Array, to: Float64Array): void {
    for (let i = 0; i < count; i += outputs) {
      for (let k = 0; k < outputs; k++) to[i + k]! += vector[intercepts + k]!;
    }
  }

  return {
    length: space.length,
    point,
    setPenalty(value) {
      penalty = value;
    },
    dot(a, b) {
      let sum = space.dot(a, b);
      for (let k = intercepts; k < intercepts + outputs; k++) sum += a[k]! * b[k]!;
      return sum;
    },
    value() {
      current = true;
      return loss(rows, scores, residuals) + (penalty / 2) * space.dot(point, point);
    },
    async gradient(out, tolerance) {
      if (!current) loss(rows, scores, residuals);
      current = true;
      let largest = await space.gradient(point, residuals, penalty, out, tolerance);
      const own = out.subarray(intercepts, intercepts + outputs).fill(0);
      for (let i = 0; i < count; i += outputs) {
        for (let k = 0; k < outputs; k++) own[k]! += residuals[i + k]!;
      }
      for (const entry of own) largest = Math.max(largest, Math.abs(entry));
      return largest;
    },
    async line(direction) {
      await space.scores(direction, slopes);
      addIntercepts(direction, slopes);
      const there = space.dot(point, point);
      const across = space.dot(point, direction);
      const along = space.dot(direction, direction);
      return (step) => {
        current = false;
        for (let i = 0; i < count; i++) onLine[i] = scores[i]! + step * slopes[i]!;
        const total = loss(rows, onLine, residuals);
        let slope = 0;
        for (let i = 0; i < count; i++) slope += residuals[i]! * slopes[i]!;
        return {
          value: total + (penalty / 2) * (there + step * (2 * across + step * along)),
          slope: slope + penalty * (across + step * along),
        };
      };
    },
    move(direction, step) {
      for (let i = 0; i < point.length; i++) point[i]! += step * direction[i]!;
      scores.set(onLine);
      current = true;
    },
  };
}
