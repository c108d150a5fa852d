/** Pre-training, from documents to trained parameters: a run's stages, one after the other. */
import type { RunEnd } from '../../protocol/catalogue/runEnds.js';
import { failure, usageError } from '../base/errors.js';
import { plural } from '../base/wording.js';
import { latestProgress } from './checkpoint.js';
import type { FirstAndLast, TrainingProgress } from './checkpoint.js';
import { adviceOnRise } from './divergence.js';
import { withFittingWindow } from './fittingWindow.js';
import type { MergeResult } from './merge.js';
import { chosenMerge, finishMerge } from './mergeStages.js';
import { isStillNeeded, plainModel, startOf, trainedModel } from './outcomes.js';
import type { Outcomes } from './outcomes.js';
import { readData } from './runData.js';
import { planRun } from './runPlan.js';
import type { RunPlan } from './runPlan.js';
import { mainName, warmUpName } from './stages.js';
import { firstAndLast, trainStage } from './stageTraining.js';
import { layOutRun } from './trainingRun.js';
import { withStepsInTime } from './timeLimit.js';
import type { LaidOutRun, LaidOutStage, TrainOptions } from './trainingRun.js';
import { withWorkingTime } from './workingTime.js';

export interface TrainResult {
  /** All given parameters, trained or not; excludes those that the objective added. */
  readonly parameters: Map<string, Float32Array>;
  /** Totals of all stages, including the earlier part of a resumed run. */
  readonly steps: number;
  readonly tokens: number;
  readonly documentsSkipped: number;
  /** Excludes set-up, held-out losses and pauses. */
  readonly tokensPerSecond: number;
  /**
   * Share of ONNX Runtime's own GEMM speed, median of a few steps; `null` if the run was too short.
   */
  readonly gemmShare: number | null;
  /** Of the stage of the run's own objective: see `firstAndLast`. */
  readonly loss: FirstAndLast;
  /**
   * Of the run's own objective, with the same masks, without dropout: after the warm-up of a new
   * head, and of the model that the run gives.
   */
  readonly heldOutLoss: { readonly before: number; readonly after: number };
  /** Why the stage of the run's own objective ended. */
  readonly ended: RunEnd;
  /** `null` if the run merges nothing. */
  readonly merge: MergeResult | null;
}

export interface TrainListener {
  /** Called once, before the first step. */
  readonly onPlan?: (plan: RunPlan) => void;
}

export async function train(given: TrainOptions & TrainListener): Promise<TrainResult> {
  const timed = withWorkingTime(given);
  const data = await readData(timed);
  const options = await withStepsInTime(await withFittingWindow(timed, data), data);
  const run = await layOutRun(options, data);
  const restored = await restoredProgress(run);
  const progress = restored ?? initialProgress(run);
  options.onPlan?.(await planRun(run, progress));
  const outcomes: Outcomes = new Map();
  const gemmShares: number[] = [];
  const place = run.stages.findIndex(({ stage }) => stage.name === progress.stage);
  for (const laidOut of run.stages.slice(place)) {
    const { name } = laidOut.stage;
    const isResumed = restored !== null && name === progress.stage;
    if (name !== progress.stage) enterStage(run, name, progress);
    gemmShares.push(...(await runStage(run, laidOut, { progress, outcomes, isResumed })));
  }
  return result(run, progress, outcomes, gemmShares);
}

async function restoredProgress({
  options,
  identity,
  stages,
}: LaidOutRun): Promise<TrainingProgress | null> {
  const { resume, checkpointFolder, onNote } = options;
  if (!resume) return null;
  const restored = await latestProgress(checkpointFolder, identity);
  if (restored === null) {
    if (options.isFinishing?.() !== true) return null;
    throw usageError(
      'The run has no checkpoint yet, so it holds nothing to keep: resume it and let it train for a while.',
    );
  }
  const { progress, broken } = restored;
  if (!stages.some(({ stage }) => stage.name === progress.stage)) {
    throw failure(`The checkpoints in ${checkpointFolder} are of other stages: start a new run.`);
  }
  if (broken.length > 0) {
    onNote?.(`The latest checkpoint was broken, so the run went on from step ${progress.step}.`);
  }
  return progress;
}

function initialProgress({ options, stages }: LaidOutRun): TrainingProgress {
  return {
    step: 0,
    stage: stages[0]!.stage.name,
    stageStart: 0,
    finished: [],
    tokens: 0,
    milliseconds: 0,
    measuringMilliseconds: 0,
    firstLosses: [],
    lastLosses: [],
    lossCount: 0,
    heldOutLossBefore: 0,
    best: null,
    heldOutIsDue: false,
    suspiciousSteps: 0,
    split: 1,
    threads: options.threads,
  };
}

function enterStage(run: LaidOutRun, stage: string, progress: TrainingProgress): void {
  Object.assign(progress, {
    stage,
    stageStart: progress.step,
    finished: progress.finished.map((each) =>
      isStillNeeded(run, each.name, stage) ? each : { ...each, checkpoint: null },
    ),
    firstLosses: [],
    lastLosses: [],
    lossCount: 0,
    best: null,
    heldOutIsDue: false,
    suspiciousSteps: 0,
  } satisfies Partial<TrainingProgress>);
}

interface StageState {
  readonly progress: TrainingProgress;
  readonly outcomes: Outcomes;
  /** Whether `progress` comes from a checkpoint of this stage. */
  readonly isResumed: boolean;
}

/** Trains a stage and notes what it gave. */
async function runStage(
  run: LaidOutRun,
  laidOut: LaidOutStage,
  { progress, outcomes, isResumed }: StageState,
): Promise<readonly number[]> {
  const { stage, steps } = laidOut;
  const { name } = stage;
  noteWarmUp(run, laidOut, isResumed);
  if (steps === 0) {
    outcomes.set(name, new Map());
    await finishMerge(run, laidOut, progress, outcomes, null);
    return [];
  }
  const start = await startOf(run, laidOut, progress, outcomes);
  for (const earlier of outcomes.keys()) {
    if (!isStillNeeded(run, earlier, name)) outcomes.delete(earlier);
  }
  const { trained, checkpoint, heldOut, ended, gemmShares } = await trainStage(
    run,
    laidOut,
    start,
    progress,
    isResumed,
  );
  outcomes.set(name, trained);
  if (stage.ratio !== null) {
    await finishMerge(run, laidOut, progress, outcomes, checkpoint);
    return gemmShares;
  }
  const loss = firstAndLast(progress);
  const finished = { name, checkpoint, loss, heldOut, ended, neighbours: null };
  progress.finished = [...progress.finished, finished];
  if (name === warmUpName) {
    const { tokens } = progress;
    await run.options.onWarmedUp?.(new Map([...start, ...trained]), { steps, tokens });
  }
  if (name === mainName) await scoreTrained(run, progress, outcomes);
  return gemmShares;
}

function noteWarmUp(
  { options }: LaidOutRun,
  { stage, steps }: LaidOutStage,
  isResumed: boolean,
): void {
  if (stage.name !== warmUpName || isResumed) return;
  options.onNote?.(
    `The base model has no masked-language-model head: a new one learns for ${plural(steps, 'step')} while the encoder is frozen, and the figures before training are taken after that.`,
  );
}

/** Merges are compared with the trained model. */
async function scoreTrained(
  run: LaidOutRun,
  progress: TrainingProgress,
  outcomes: Outcomes,
): Promise<void> {
  const { training, scoreNeighbours } = run.options;
  if (training.mergeWithBase !== 'auto') return;
  if (scoreNeighbours === undefined) throw new Error('Nothing scores neighbours.');
  const model = plainModel(run, await trainedModel(run, progress, outcomes));
  const neighbours = await scoreNeighbours(model);
  progress.finished = progress.finished.map((each) =>
    each.name === mainName ? { ...each, neighbours } : each,
  );
}

async function result(
  run: LaidOutRun,
  progress: TrainingProgress,
  outcomes: Outcomes,
  gemmShares: number[],
): Promise<TrainResult> {
  const { step, tokens, milliseconds, heldOutLossBefore: before, finished } = progress;
  const main = finished.find(({ name }) => name === mainName);
  const measured = main?.heldOut?.loss;
  if (main === undefined || measured === undefined) {
    throw new Error('The stage of the objective has not ended.');
  }
  const merged = await chosenMerge(run, progress, outcomes);
  const parameters = merged?.parameters ?? (await trainedModel(run, progress, outcomes));
  const after = merged?.heldOutLoss ?? measured;
  noteRise(run, before, after);
  const middle = gemmShares.sort((a, b) => a - b)[Math.floor(gemmShares.length / 2)];
  return {
    parameters: plainModel(run, parameters),
    steps: step,
    tokens,
    documentsSkipped: run.dataset.skipped,
    tokensPerSecond: milliseconds > 0 ? (tokens / milliseconds) * 1000 : 0,
    gemmShare: middle ?? null,
    loss: main.loss,
    heldOutLoss: { before, after },
    ended: main.ended ?? 'steps',
    merge: merged?.result ?? null,
  };
}

function noteRise({ options }: LaidOutRun, before: number, after: number): void {
  const advice = adviceOnRise({ before, after }, options.objective.stepLoss !== null);
  if (advice !== null) options.onNote?.(advice);
}
