/** Measures and reports a run's current held-out loss. */
import { failure } from '../base/errors.js';
import type { Evaluation } from '../backend/backend.js';
import type { TrainingProgress } from './checkpoint.js';
import { whatNow } from './divergence.js';
import { measureHeldOut } from './heldOut.js';
import type { HeldOutLoss } from './heldOut.js';
import type { LaidOutRun, TrainingRun } from './trainingRun.js';

/** Of the run's own objective, whichever stage trains. */
export async function reportHeldOut(
  training: TrainingRun,
  progress: TrainingProgress,
): Promise<HeldOutLoss> {
  const { run, prepared, savedStep } = training;
  const { shapes, stepCapacity } = run.heldOutSampler;
  const { objective } = run.options;
  const begun = run.options.now();
  const evaluation = await prepared.evaluate({ shapes, stepCapacity, objective });
  const measured = await reportEvaluation(run, progress, evaluation, { savedStep });
  progress.measuringMilliseconds =
    (progress.measuringMilliseconds ?? 0) + run.options.now() - begun;
  return measured;
}

/** @param evaluation released afterwards */
export async function reportEvaluation(
  run: LaidOutRun,
  progress: TrainingProgress,
  evaluation: Evaluation,
  kept: { readonly savedStep: number | null },
): Promise<HeldOutLoss> {
  const { options, heldOutSampler: sampler } = run;
  const { objective } = options;
  const measured = await measureHeldOut(
    evaluation,
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
  if (!Number.isFinite(measured.loss)) {
    throw failure(
      progress.step === 0
        ? 'The base model gives no number for a held-out loss: choose another base model.'
        : `The held-out loss after step ${progress.step} is not a number: ${whatNow(kept)}`,
    );
  }
  reportLoss(run, progress, measured);
  return measured;
}

export function reportLoss(
  { options }: LaidOutRun,
  { step }: Pick<TrainingProgress, 'step'>,
  { loss, losses }: Pick<HeldOutLoss, 'loss' | 'losses'>,
): void {
  options.onMetrics({
    step,
    loss: null,
    losses: {},
    learningRate: null,
    gradNorm: null,
    tokensPerSecond: null,
    heldOutLoss: loss,
    heldOutLosses: losses,
  });
}
