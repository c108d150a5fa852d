/** Saves and restores the checkpoints of a run's stages. */
import { failure } from '../base/errors.js';
import { restoreCheckpoint, restoreStep, saveCheckpoint } from './checkpoint.js';
import type { TrainingProgress } from './checkpoint.js';
import { isSuspicious, whatNow } from './divergence.js';
import type { TrainingRun } from './trainingRun.js';

/**
 * Saves a checkpoint; throws if the weights are not finite. While the loss is suspiciously high,
 * deletes no older checkpoints.
 */
export async function save(training: TrainingRun, progress: TrainingProgress): Promise<void> {
  const { options, run, prepared } = training;
  const { step } = progress;
  if (training.savedStep === step) return;
  if (!(await prepared.isSound())) {
    throw failure(`The weights are not numbers after step ${step}: ${whatNow(training)}`);
  }
  const keep = isSuspicious(progress) ? Infinity : options.training.saveTotalLimit;
  await prepared.readState((sections) =>
    saveCheckpoint(options.checkpointFolder, run.identity, progress, sections, keep),
  );
  training.savedStep = step;
}

/** Restores the state of the checkpoint that `progress` was read from. */
export async function restore(training: TrainingRun, progress: TrainingProgress): Promise<void> {
  const { options, run, prepared } = training;
  const { checkpointFolder, threads, onNote } = options;
  const isThere = await prepared.writeState((sections) =>
    restoreStep(checkpointFolder, progress.step, run.identity, sections),
  );
  if (!isThere) throw failure(`No checkpoint in ${checkpointFolder} is readable: start a new run.`);
  training.savedStep = progress.step;
  // Split micro-batches as before, so that results are identical to the last digit.
  if (progress.split > prepared.split) await prepared.cut(progress.split);
  if (progress.threads !== threads) {
    onNote?.(
      `The run goes on with ${threads} threads after ${progress.threads}, so that its last digits differ from those of an uninterrupted run.`,
    );
    progress.threads = threads;
  }
}

/**
 * Restores the weights with the lowest held-out loss, if early stopping tracked it.
 *
 * @returns the step whose weights are there now
 */
export async function returnToBest(
  { run, prepared, options }: TrainingRun,
  { best, step }: TrainingProgress,
): Promise<number> {
  if (best === null || best.age === 0) return step;
  const { checkpointFolder, onNote } = options;
  const { identity } = run;
  const was = `The held-out loss was lowest after step ${best.step}`;
  const isThere = await prepared.writeState((sections) =>
    restoreStep(checkpointFolder, best.step, identity, sections),
  );
  if (isThere) {
    onNote?.(`${was}: the model is that of this step.`);
    return best.step;
  }
  let last = step;
  await prepared.writeState(async (sections) => {
    const restored = await restoreCheckpoint(checkpointFolder, identity, sections);
    last = restored?.progress.step ?? step;
    return restored !== null;
  });
  onNote?.(`${was}, whose checkpoint is broken: the model is that of the last step.`);
  return last;
}
