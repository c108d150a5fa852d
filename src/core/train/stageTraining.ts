/** Trains one stage: its steps, and held-out losses and checkpoints between them. */
import { Cancelled, DeviceLost, failure, isMemoryError } from '../base/errors.js';
import { count, plural } from '../base/wording.js';
import type { RunEnd } from '../../protocol/catalogue/runEnds.js';
import type { FirstAndLast, TrainingProgress } from './checkpoint.js';
import { hasDiverged, isSuspicious, watchDivergence, whatNow } from './divergence.js';
import type { HeldOutLoss } from './heldOut.js';
import { reportHeldOut } from './reportHeldOut.js';
import { restore, returnToBest, save } from './saved.js';
import { mainName } from './stages.js';
import { trainStep } from './step.js';
import type { TrainedStep } from './step.js';
import { isTimeUp, timeUpSentence } from './timeLimit.js';
import { prepareStage } from './trainingRun.js';
import type { LaidOutRun, LaidOutStage, TrainingRun } from './trainingRun.js';

export interface StageOutcome {
  /** What the stage trained, by name. */
  readonly trained: ReadonlyMap<string, Float32Array>;
  /** Step of the checkpoint that holds it. */
  readonly checkpoint: number;
  /** Of an objective's stage. */
  readonly heldOut: HeldOutLoss | null;
  /** Why it ended. */
  readonly ended: RunEnd;
  /** Share of ONNX Runtime's own GEMM speed, of a few steps. */
  readonly gemmShares: readonly number[];
}

/**
 * @param start parameters before the stage; its state replaces them if it is resumed
 * @param isResumed whether `progress` comes from a checkpoint of this stage
 */
export async function trainStage(
  run: LaidOutRun,
  laidOut: LaidOutStage,
  start: ReadonlyMap<string, Float32Array>,
  progress: TrainingProgress,
  isResumed: boolean,
): Promise<StageOutcome> {
  const training = await prepareStage(run, laidOut, start);
  const isObjective = laidOut.stage.kind === 'objective';
  try {
    if (isResumed) await restore(training, progress);
    else progress.split = training.prepared.split;
    if (isObjective && isFirstStep(run, training, progress)) {
      progress.heldOutLossBefore = (await reportHeldOut(training, progress)).loss;
    }
    const { gemmShares, ended } = await trainSteps(training, progress);
    const { heldOut, checkpoint } = isObjective
      ? await measureAfter(training, progress)
      : { heldOut: null, checkpoint: progress.step };
    return { trained: await trainedValues(training), checkpoint, heldOut, ended, gemmShares };
  } catch (error) {
    // A cancelled step has no effect, so the state is that of the last complete step.
    if (error instanceof Cancelled && progress.step > progress.stageStart) {
      await save(training, progress);
    }
    if (error instanceof DeviceLost) throw withoutDevice(training, progress, error);
    throw error;
  } finally {
    await training.prepared.release();
  }
}

/** The state was on the device, so what is left of it is the latest checkpoint. */
function withoutDevice(
  { savedStep }: TrainingRun,
  { step, stageStart }: TrainingProgress,
  cause: DeviceLost,
): Error {
  // An earlier stage ended with a checkpoint.
  const saved = savedStep ?? (stageStart > 0 ? stageStart : null);
  const kept =
    saved === null
      ? 'no checkpoint had been saved yet, so start the run again'
      : `the checkpoint of step ${saved} is kept, so resume the run`;
  return failure(
    `The graphics device stopped working after step ${step}: ${kept}, or train on the CPU.`,
    { cause },
  );
}

/** Whether this is before the first step of the first objective. */
function isFirstStep(
  { stages }: LaidOutRun,
  { stage }: TrainingRun,
  { step, stageStart }: TrainingProgress,
): boolean {
  const first = stages.find((each) => each.stage.kind === 'objective');
  return step === stageStart && first?.stage.name === stage.name;
}

async function trainSteps(
  run: TrainingRun,
  progress: TrainingProgress,
): Promise<Pick<StageOutcome, 'gemmShares' | 'ended'>> {
  const { options, stage } = run;
  const { evalSteps, saveSteps } = options.training;
  const isMeasured = stage.kind === 'objective';
  const gemmShares: number[] = [];
  // An earlier process may have been cancelled during this measurement.
  if (progress.heldOutIsDue) await measureBetween(run, progress);
  let ended: RunEnd | null;
  while ((ended = endOf(run, progress)) === null) {
    const begun = options.now();
    const outcome = await trainStep(run, stepsDone(progress), progress.stageStart);
    const milliseconds = options.now() - begun;
    record(run, progress, outcome, milliseconds);
    const step = stepsDone(progress);
    if (isMeasured) gemmShares.push(...(await gemmShareOf(run, step, outcome, milliseconds)));
    // A step without a loss says nothing about divergence.
    if (Object.keys(outcome.losses).length > 0) refuseDivergence(run, progress);
    progress.heldOutIsDue = isMeasured && isDue(evalSteps, step, run);
    if (progress.heldOutIsDue) await measureBetween(run, progress);
    if (isDue(saveSteps, step, run) && !isSuspicious(progress)) await save(run, progress);
  }
  await save(run, progress);
  noteEnd(run, progress, ended);
  return { gemmShares, ended };
}

/**
 * `null`: a step is due. A stage that has learned nothing takes one step; the head of a merge belongs
 * to what is kept.
 */
function endOf(run: TrainingRun, progress: TrainingProgress): RunEnd | null {
  const { options, stage, steps } = run;
  const done = stepsDone(progress);
  if (done >= steps) return 'steps';
  if (hasStoppedImproving(run, progress)) return 'noImprovement';
  if (stage.ratio !== null || done === 0) return null;
  if (options.isFinishing?.() === true) return 'finish';
  return isTimeUp(run, progress) ? 'time' : null;
}

/** Of a model that stopped improving, `returnToBest` tells. */
function noteEnd(run: TrainingRun, progress: TrainingProgress, ended: RunEnd): void {
  const { options, stage, steps } = run;
  const done = stepsDone(progress);
  if (ended === 'finish') {
    options.onNote?.(
      `${stage.label} ended after ${count(done)} of ${plural(steps, 'step')}, as it was asked to.`,
    );
  }
  if (ended === 'time') options.onNote?.(timeUpSentence(run, done));
}

const stepsDone = ({ step, stageStart }: TrainingProgress): number => step - stageStart;

async function measureBetween(run: TrainingRun, progress: TrainingProgress): Promise<void> {
  noteBest(run, progress, (await reportHeldOut(run, progress)).loss);
  progress.heldOutIsDue = false;
  if (progress.best?.age === 0) await save(run, progress);
}

/** Stops a run whose loss keeps growing; the last good checkpoint is kept. */
function refuseDivergence(run: TrainingRun, progress: TrainingProgress): void {
  watchDivergence(progress);
  if (!hasDiverged(progress)) return;
  throw failure(
    `The loss has grown far above its first values by step ${progress.step}: ${whatNow(run)}`,
  );
}

/** Only the last stage with an objective stops early: an earlier one lowers another loss. */
function patienceOf({ options, stage }: TrainingRun): number | null {
  return stage.name === mainName ? options.training.earlyStoppingPatience : null;
}

function noteBest(run: TrainingRun, progress: TrainingProgress, loss: number): void {
  if (patienceOf(run) === null) return;
  const { best, step } = progress;
  if (best === null || loss < best.loss - run.options.training.earlyStoppingThreshold) {
    progress.best = { step, loss, age: 0 };
  } else {
    progress.best = { ...best, age: best.age + 1 };
  }
}

function hasStoppedImproving(run: TrainingRun, { best }: TrainingProgress): boolean {
  const patience = patienceOf(run);
  return patience !== null && best !== null && best.age >= patience;
}

/**
 * Held-out loss of the stage's outcome, which is that of the last step or of an earlier, better one.
 */
async function measureAfter(
  run: TrainingRun,
  progress: TrainingProgress,
): Promise<{ heldOut: HeldOutLoss; checkpoint: number }> {
  if (!hasStoppedImproving(run, progress)) {
    const heldOut = await reportHeldOut(run, progress);
    noteBest(run, progress, heldOut.loss);
    if (progress.best === null || progress.best.age === 0) {
      return { heldOut, checkpoint: progress.step };
    }
  }
  const checkpoint = await returnToBest(run, progress);
  return { heldOut: await reportHeldOut(run, progress), checkpoint };
}

async function trainedValues(run: TrainingRun): Promise<ReadonlyMap<string, Float32Array>> {
  const parameters = await run.prepared.readParameters();
  return new Map(
    run.specs.filter(run.isTrained).map(({ name }) => [name, parameters.get(name)!.slice()]),
  );
}

function record(
  training: TrainingRun,
  progress: TrainingProgress,
  outcome: TrainedStep,
  milliseconds: number,
): void {
  const { options, stage, run, prepared } = training;
  progress.step++;
  progress.split = prepared.split;
  progress.tokens += outcome.tokens;
  progress.milliseconds += milliseconds;
  const { loss, losses, learningRate, gradNorm, tokens } = outcome;
  if (Object.keys(losses).length > 0) {
    progress.lossCount++;
    if (progress.firstLosses.length < 10) progress.firstLosses.push(loss);
    progress.lastLosses = [...progress.lastLosses, loss].slice(-10);
  }
  options.onMetrics({
    step: progress.step,
    loss,
    losses,
    learningRate,
    gradNorm,
    tokensPerSecond: milliseconds > 0 ? (tokens / milliseconds) * 1000 : null,
    heldOutLoss: null,
  });
  const total = stepsInAll(run, progress);
  options.onProgress({ phase: stage.phase, done: progress.step, total, unit: 'steps' });
}

/** Steps of the whole run; fewer than planned where a stage stopped early. */
export function stepsInAll(
  { stages }: Pick<LaidOutRun, 'stages'>,
  { stage, stageStart }: Pick<TrainingProgress, 'stage' | 'stageStart'>,
): number {
  const current = stages.findIndex((each) => each.stage.name === stage);
  return stages.slice(current).reduce((sum, { steps }) => sum + steps, stageStart);
}

/**
 * Means of at most ten steps at each end. Under twenty steps each is half of them, without the
 * middle one; of a single step there is no last.
 */
export function firstAndLast({
  firstLosses,
  lastLosses,
  lossCount,
}: Pick<TrainingProgress, 'firstLosses' | 'lastLosses' | 'lossCount'>): FirstAndLast {
  if (lossCount < 2) return { first: firstLosses[0] ?? null, last: null };
  const count = Math.min(10, Math.floor(lossCount / 2));
  return { first: mean(firstLosses.slice(0, count)), last: mean(lastLosses.slice(-count)) };
}

/**
 * Probes the peak speed at most five times per stage; each probe costs as much as a few steps of a
 * small model.
 */
async function gemmShareOf(
  { options, steps }: TrainingRun,
  step: number,
  { flops }: TrainedStep,
  milliseconds: number,
): Promise<number[]> {
  const interval = Math.max(5, Math.ceil(steps / 5));
  if (step % interval !== Math.floor(interval / 2) || milliseconds <= 0) return [];
  const { threads, now, backend } = options;
  try {
    const gigaflops = await backend.measurePeak({ threads, now });
    return [flops / (milliseconds * 1e6) / gigaflops];
  } catch (error) {
    // A missing figure is no reason to abort the run.
    if (isMemoryError(error)) return [];
    throw error;
  }
}

/** Not for the last step, which is always measured and saved. */
function isDue(interval: number | null, step: number, { steps }: TrainingRun): boolean {
  return interval !== null && step % interval === 0 && step < steps;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
