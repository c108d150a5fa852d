/** What a run saves, when it saves, and how it comes back to it. */
import { failure } from '../base/errors.js';
import { restoreCheckpoint, restoreStep, saveCheckpoint } from './checkpoint.js';
import type { TrainingProgress } from './checkpoint.js';
import { isSuspicious, whatNow } from './divergence.js';
import { cutFiner } from './memory.js';
import { isSound } from '../backend/cpu/parameterMemory.js';
import type { TrainingRun } from './trainingRun.js';

/** A checkpoint that went astray makes no good one go, and none with broken weights is written. */
export async function save(run: TrainingRun, progress: TrainingProgress): Promise<void> {
  const { options, identity, state } = run;
  const { step } = progress;
  if (run.savedStep === step) return;
  if (!isSound(state)) {
    throw failure(`The weights are not numbers after step ${step}: ${whatNow(run)}`);
  }
  const keep = isSuspicious(progress) ? Infinity : options.training.saveTotalLimit;
  await saveCheckpoint(options.checkpointFolder, identity, progress, state.regions, keep);
  run.savedStep = step;
}

/** Reads the latest sound checkpoint, where there is one and the run is to go on. */
export async function resumed(run: TrainingRun): Promise<TrainingProgress | null> {
  const { resume, checkpointFolder, threads, onNote } = run.options;
  if (!resume) return null;
  const restored = await restoreCheckpoint(checkpointFolder, run.identity, run.state.regions);
  if (restored === null) return null;
  const { progress, broken } = restored;
  run.savedStep = progress.step;
  if (broken.length > 0) {
    onNote?.(`The latest checkpoint was broken, so the run went on from step ${progress.step}.`);
  }
  // Cut as before, so that every digit is the same.
  if (progress.split > run.split) await cutFiner(run, progress.split);
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
  const { identity, state, options } = run;
  const { checkpointFolder, onNote } = options;
  const was = `The held-out loss was lowest after step ${best.step}`;
  if (await restoreStep(checkpointFolder, best.step, identity, state.regions)) {
    onNote?.(`${was}: the model is that of this step.`);
    return;
  }
  await restoreCheckpoint(checkpointFolder, identity, state.regions);
  onNote?.(`${was}, whose checkpoint is broken: the model is that of the last step.`);
}
