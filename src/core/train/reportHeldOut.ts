/** Measures and reports a run's current held-out loss. */
import { failure } from '../base/errors.js';
import type { TrainingProgress } from './checkpoint.js';
import { whatNow } from './divergence.js';
import { measureHeldOut } from './heldOut.js';
import type { TrainingRun } from './trainingRun.js';

export async function reportHeldOut(run: TrainingRun, progress: TrainingProgress): Promise<number> {
  const { options, heldOutSampler: sampler, objective, prepared } = run;
  const { shapes, stepCapacity } = sampler;
  const { loss, losses } = await measureHeldOut(
    await prepared.evaluate({ shapes, stepCapacity }),
    {
      sampler,
      lossWeights: objective.lossWeights,
      compares: objective.stepLoss !== null,
      onProgress: (done, total) => {
        options.onProgress({ phase: 'Measuring held-out loss', done, total, unit: 'passages' });
      },
    },
    options,
  );
  if (!Number.isFinite(loss)) {
    throw failure(
      progress.step === 0
        ? 'The base model gives no number for a held-out loss: choose another base model.'
        : `The held-out loss after step ${progress.step} is not a number: ${whatNow(run)}`,
    );
  }
  options.onMetrics({
    step: progress.step,
    loss: null,
    losses: {},
    learningRate: null,
    gradNorm: null,
    tokensPerSecond: null,
    heldOutLoss: loss,
    heldOutLosses: losses,
  });
  return loss;
}
