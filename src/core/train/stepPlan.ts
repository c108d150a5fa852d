/** Which windows each step sees: a function of seed and step alone, so that a run can go on anywhere. */
import { dealSteps, planMicroBatches } from '../tokens/batches.js';
import type { Bucket, MicroBatch } from '../tokens/batches.js';
import type { TrainingConfig } from './config.js';

export interface StepPlan {
  readonly totalSteps: number;
  /** Micro-batches of a step, which counts from 0. */
  microBatches(step: number): { epoch: number; microBatches: readonly MicroBatch[] };
}

/** @param lengths of all windows */
export function planSteps(
  training: TrainingConfig,
  lengths: readonly number[],
  buckets: readonly Bucket[],
  seed: number,
): StepPlan {
  let planned = { epoch: 0, steps: [] as MicroBatch[][] };
  const epochPlan = (epoch: number, steps: number): MicroBatch[][] => {
    if (planned.epoch !== epoch || planned.steps.length !== steps) {
      const microBatches = planMicroBatches(lengths, buckets, seed, epoch);
      planned = { epoch, steps: dealSteps(microBatches, steps) };
    }
    return planned.steps;
  };
  const first = planMicroBatches(lengths, buckets, seed, 0);
  const size = ({ bucket, sequences }: MicroBatch): number =>
    training.batchSequences === null
      ? buckets[bucket]!.sequenceLength * buckets[bucket]!.batchSize
      : sequences.length;
  const perBatch = training.batchSequences ?? training.batchTokens;
  const epochSize = first.reduce((sum, microBatch) => sum + size(microBatch), 0);
  const batches = Math.round(epochSize / (perBatch * training.gradientAccumulationSteps));
  const stepsPerEpoch = Math.min(first.length, Math.max(1, batches));
  return {
    totalSteps: training.maxSteps ?? Math.max(1, Math.round(training.epochs * stepsPerEpoch)),
    microBatches: (step) => {
      const epoch = Math.floor(step / stepsPerEpoch);
      return { epoch, microBatches: epochPlan(epoch, stepsPerEpoch)[step % stepsPerEpoch]! };
    },
  };
}
