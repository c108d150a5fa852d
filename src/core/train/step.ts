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

/** @param step number of completed steps */
export async function trainStep(run: TrainingRun, step: number): Promise<TrainedStep> {
  const { sampler, prepared, options, totalSteps } = run;
  const learningRate = learningRateAt(options.training, step + 1, totalSteps);
  const sampled = sampler.step(step);
  const [outcome] = await prepared.run([{ step, sampled, learningRate }], options);
  if (outcome === undefined || !isUsable(outcome)) {
    throw failure(`The loss of step ${step + 1} is not a number: ${whatNow(run)}`);
  }
  return { ...outcome, learningRate };
}
