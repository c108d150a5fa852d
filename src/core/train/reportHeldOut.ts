/** The held-out loss of a run as it stands, measured and told. */
import { failure } from '../base/errors.js';
import type { TrainingProgress } from './checkpoint.js';
import { whatNow } from './divergence.js';
import { measureHeldOut } from './heldOut.js';
import { withinMemory } from './memory.js';
import type { TrainingRun } from './trainingRun.js';

export async function reportHeldOut(run: TrainingRun, progress: TrainingProgress): Promise<number> {
  const { options, state, heldOutSampler: sampler, objective, sessionLimitBytes } = run;
  const { config, threads, training } = options;
  const { lora } = training;
  const { loss, losses } = await withinMemory(run, () =>
    measureHeldOut(
      {
        objective,
        config,
        parameters: state.parameters,
        sampler,
        lora,
        threads,
        split: run.split,
        sessionLimitBytes,
      },
      {
        signal: options.signal,
        pauseGate: options.pauseGate,
        onProgress: (done, total) => {
          options.onProgress({ phase: 'Measuring held-out loss', done, total, unit: 'passages' });
        },
      },
    ),
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
