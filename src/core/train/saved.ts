/** What a run saves, when it saves, and how it comes back to it. */
import { failure } from '../base/errors.js';
import { restoreCheckpoint, restoreStep, saveCheckpoint } from './checkpoint.js';
import type { RestoredCheckpoint, TrainingProgress } from './checkpoint.js';
import { isSuspicious, whatNow } from './divergence.js';
import type { TrainingRun } from './trainingRun.js';

/** A checkpoint that went astray makes no good one go, and none with broken weights is written. */
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

/** Reads the latest sound checkpoint, where there is one and the run is to go on. */
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
  // Cut as before, so that every digit is the same.
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

/** Takes the weights of the lowest held-out loss, where early stopping looked for it. */
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

/** Takes the state of the latest sound checkpoint; `null` where there is none. */
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
