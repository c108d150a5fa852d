/** Runs one optimizer step. */
import { failure } from '../base/errors.js';
import { isUsable } from '../backend/backend.js';
import type { StepOutcome } from '../backend/backend.js';
import { whatNow } from './divergence.js';
import { learningRateAt } from './schedule.js';
import type { TrainingRun } from './trainingRun.js';

export interface TrainedStep extends StepOutcome {
  readonly learningRate: number;
}

/**
 * @param step number of completed steps of the stage
 * @param before steps of the run before the stage, for error messages
 */
export async function trainStep(run: TrainingRun, step: number, before = 0): Promise<TrainedStep> {
  const { stage, sampler, prepared, options, steps } = run;
  const training = { ...options.training, ...stage.settings };
  const learningRate = learningRateAt(training, step + 1, steps);
  const sampled = sampler.step(step);
  const [outcome] = await prepared.run([{ step, sampled, learningRate }], options);
  if (outcome === undefined || !isUsable(outcome)) {
    throw failure(`The loss of step ${before + step + 1} is not a number: ${whatNow(run)}`);
  }
  return { ...outcome, learningRate };
}
