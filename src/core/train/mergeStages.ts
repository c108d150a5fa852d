/** Measures merged models and chooses the one that a run gives. */
import type { TrainingProgress } from './checkpoint.js';
import { bestCandidate } from './merge.js';
import type { MergeCandidate, MergeResult } from './merge.js';
import { mergedModel, plainModel, trainedModel } from './outcomes.js';
import type { Outcomes, Parameters } from './outcomes.js';
import { reportEvaluation, reportLoss } from './reportHeldOut.js';
import { mainName } from './stages.js';
import { firstAndLast } from './stageTraining.js';
import type { LaidOutRun, LaidOutStage } from './trainingRun.js';

/**
 * Measures a merged model, whose head has been trained, and notes that its stage is finished.
 *
 * @param checkpoint step of the checkpoint that holds the head; `null` if none was trained
 */
export async function finishMerge(
  run: LaidOutRun,
  laidOut: LaidOutStage,
  progress: TrainingProgress,
  outcomes: Outcomes,
  checkpoint: number | null,
): Promise<void> {
  const { options, heldOutSampler } = run;
  const { backend, config, objective, threads, training, scoreNeighbours } = options;
  const { shapes, stepCapacity } = heldOutSampler;
  const { specs } = laidOut;
  const parameters = await mergedModel(run, laidOut, progress, outcomes);
  const work = { config, objective, shapes, stepCapacity, threads, specs, parameters, lora: null };
  const kept = { savedStep: progress.step };
  const { loss, losses } = await reportEvaluation(
    run,
    progress,
    await backend.evaluate(work),
    kept,
  );
  const neighbours =
    training.mergeWithBase === 'auto' && scoreNeighbours !== undefined
      ? await scoreNeighbours(plainModel(run, parameters))
      : null;
  const finished = {
    name: laidOut.stage.name,
    checkpoint,
    loss: firstAndLast(progress),
    heldOut: { loss, losses },
    neighbours,
  };
  progress.finished = [...progress.finished, finished];
}

export interface ChosenMerge {
  readonly parameters: Parameters;
  readonly heldOutLoss: number;
  readonly result: MergeResult;
}

/** `null` if the run merges nothing. */
export async function chosenMerge(
  run: LaidOutRun,
  progress: TrainingProgress,
  outcomes: Outcomes,
): Promise<ChosenMerge | null> {
  const { mergeWithBase } = run.options.training;
  if (mergeWithBase === null) return null;
  const measured = progress.finished.flatMap(({ name, heldOut, neighbours }) => {
    const laidOut = run.stages.find(({ stage }) => stage.name === name);
    if (laidOut === undefined || heldOut === null) return [];
    const ratio = name === mainName ? 1 : laidOut.stage.ratio;
    if (ratio === null) return [];
    const candidate: MergeCandidate = { ratio, heldOutLoss: heldOut.loss, neighbours };
    return [{ laidOut, heldOut, candidate }];
  });
  const candidates = measured.map(({ candidate }) => candidate);
  const best = mergeWithBase === 'auto' ? bestCandidate(candidates) : candidates.at(-1);
  const chosen = measured.find(({ candidate }) => candidate === best);
  if (chosen === undefined) throw new Error('The run has merged nothing.');
  // The curve ends with the model that the run gives.
  if (chosen !== measured.at(-1)) reportLoss(run, progress, chosen.heldOut);
  const { laidOut, heldOut, candidate } = chosen;
  return {
    parameters:
      laidOut.stage.ratio === null
        ? await trainedModel(run, progress, outcomes)
        : await mergedModel(run, laidOut, progress, outcomes),
    heldOutLoss: heldOut.loss,
    result: { ratio: candidate.ratio, candidates },
  };
}
