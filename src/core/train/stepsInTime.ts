/** How many steps fit into a time, from the estimated times of a run's parts. */

/** Times of a run's parts, in seconds. */
export interface TimeEstimate {
  /** Of a step of the run's objectives. */
  readonly step: number;
  /** Of a held-out loss. */
  readonly measurement: number;
  /** Of the steps of other stages: a new head, heads of merged models. */
  readonly heads: number;
}

/** What is left for checkpoints and for steps that take longer than they should. */
const margin = 0.97;

/** 0 if none fits. Held-out losses are measured before and after, and every `evalSteps` steps. */
export function stepsIn(
  seconds: number,
  { step, measurement, heads }: TimeEstimate,
  evalSteps: number | null,
): number {
  const perStep = step + (evalSteps === null ? 0 : measurement / evalSteps);
  return Math.max(0, Math.floor((margin * seconds - heads - 2 * measurement) / perStep));
}
