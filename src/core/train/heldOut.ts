/** Loss on held-out documents: the same sequences and masks each time, without dropout. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { LossWeights } from '../../protocol/catalogue/training.js';
import type { Evaluation, LossSums, Losses } from '../backend/backend.js';
import type { Control } from '../backend/control.js';
import { addSum } from '../backend/microBatches.js';
import { totalLoss } from '../objectives/lossWeights.js';
import type { SampledStep, Sampler } from '../objectives/sampling/sampler.js';

export interface HeldOutLoss {
  /** Weighted sum of the losses. */
  readonly loss: number;
  /** Mean of each loss; omits losses with nothing to measure. */
  readonly losses: Losses;
  /** Total label weight of each loss. */
  readonly weights: Losses;
  /** Share of each loss's labels that the model ranks first, if it ranks. */
  readonly accuracies: Losses;
}

export interface HeldOutOptions {
  /** Samples the held-out documents; its first epoch is measured. */
  readonly sampler: Sampler;
  readonly lossWeights: LossWeights;
  /**
   * Whether a loss compares sequences within a step, so that each step must be measured separately.
   */
  readonly compares: boolean;
  /** Called with the number of sequences measured so far. */
  readonly onProgress: (done: number, total: number) => void;
}

/** @param evaluation released afterwards */
export async function measureHeldOut(
  evaluation: Evaluation,
  { sampler, lossWeights, compares, onProgress }: HeldOutOptions,
  control: Control,
): Promise<HeldOutLoss> {
  try {
    const steps = Array.from({ length: sampler.stepsPerEpoch }, (_, step) => sampler.step(step));
    const total = steps.reduce((sum, step) => sum + sequencesOf(step), 0);
    const sums: LossSums = {};
    let done = 0;
    for (const step of compares ? steps : [joined(steps)]) {
      const before = done;
      // Counts from the step's start, since running out of memory restarts the step.
      const ofStep = await evaluation.measure(step, control, (count) => {
        onProgress(before + count, total);
      });
      done += sequencesOf(step);
      for (const name of Object.keys(ofStep) as LossName[]) addSum(sums, name, ofStep[name]!);
    }
    return summarise(sums, lossWeights);
  } finally {
    await evaluation.release();
  }
}

function sequencesOf({ microBatches }: SampledStep): number {
  return microBatches.reduce((sum, { rows }) => sum + rows.flat().length, 0);
}

/** Merges all steps into one, sorted by shape, so that each session is created only once. */
function joined(steps: readonly SampledStep[]): SampledStep {
  const microBatches = steps.flatMap((step) => step.microBatches);
  return {
    microBatches: microBatches.sort((a, b) => a.shape - b.shape),
    stepInputs: {},
    stepWeight: 0,
  };
}

function summarise(sums: LossSums, lossWeights: LossWeights): HeldOutLoss {
  const losses: Partial<Record<LossName, number>> = {};
  const weights: Partial<Record<LossName, number>> = {};
  const accuracies: Partial<Record<LossName, number>> = {};
  for (const name of Object.keys(sums) as LossName[]) {
    const { loss, weight, correct } = sums[name]!;
    if (!(weight > 0)) continue;
    losses[name] = loss / weight;
    weights[name] = weight;
    if (correct !== null) accuracies[name] = correct / weight;
  }
  return { loss: totalLoss(lossWeights, losses), losses, weights, accuracies };
}
