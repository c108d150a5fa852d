/** Saves and restores a run's checkpoints. */
import { failure } from '../base/errors.js';
import { restoreCheckpoint, restoreStep, saveCheckpoint } from './checkpoint.js';
import type { RestoredCheckpoint, TrainingProgress } from './checkpoint.js';
import { isSuspicious, whatNow } from './divergence.js';
import type { TrainingRun } from './trainingRun.js';

/**
 * Saves a checkpoint; throws if the weights are not finite. While the loss is suspiciously high,
 * deletes no older checkpoints.
 */
export async function save(run: TrainingRun, progress: TrainingProgress): Promise<void> {
  const { options, identity, prepared } = run;
  const { step } = progress;
  if (run.savedStep === step) return;
  if (!(await prepared.isSound())) {
    throw failure(`The weights are not numbers after step ${step}: ${whatNow(run)}`);
  }
  const keep = isSuspicious(progress) ? Infinity : options.training.saveTotalLimit;
  await prepared.readState((sections) =>
    saveCheckpoint(options.checkpointFolder, identity, progress, sections, keep),
  );
  run.savedStep = step;
}

/** Restores the latest sound checkpoint, if resuming and there is one. */
export async function resumed(run: TrainingRun): Promise<TrainingProgress | null> {
  const { resume, threads, onNote } = run.options;
  if (!resume) return null;
  const restored = await latest(run);
  if (restored === null) return null;
  const { progress, broken } = restored;
  run.savedStep = progress.step;
  if (broken.length > 0) {
    onNote?.(`The latest checkpoint was broken, so the run went on from step ${progress.step}.`);
  }
  // Split micro-batches as before, so that results are identical to the last digit.
  const { prepared } = run;
  if (progress.split > prepared.split) await prepared.cut(progress.split);
  if (progress.threads !== threads) {
    onNote?.(
      `The run goes on with ${threads} threads after ${progress.threads}, so that its last digits differ from those of an uninterrupted run.`,
    );
    progress.threads = threads;
  }
  return progress;
}

/** Restores the weights with the lowest held-out loss, if early stopping tracked it. */
export async function returnToBest(run: TrainingRun, { best }: TrainingProgress): Promise<void> {
  if (best === null || best.age === 0) return;
  const { identity, prepared, options } = run;
  const { checkpointFolder, onNote } = options;
  const was = `The held-out loss was lowest after step ${best.step}`;
  const isThere = await prepared.writeState((sections) =>
    restoreStep(checkpointFolder, best.step, identity, sections),
  );
  if (isThere) {
    onNote?.(`${was}: the model is that of this step.`);
    return;
  }
  await latest(run);
  onNote?.(`${was}, whose checkpoint is broken: the model is that of the last step.`);
}

/** Restores the latest sound checkpoint; `null` if there is none. */
async function latest({
  options,
  identity,
  prepared,
}: TrainingRun): Promise<RestoredCheckpoint | null> {
  let restored: RestoredCheckpoint | null = null;
  await prepared.writeState(async (sections) => {
    restored = await restoreCheckpoint(options.checkpointFolder, identity, sections);
    return restored !== null;
  });
  return restored;
}
