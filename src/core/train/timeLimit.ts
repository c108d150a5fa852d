/**
 * Runs that are given a time instead of a number of steps. How many steps fit is estimated once, before
 * the first: they decide the learning rates, so a resumed run keeps those that its checkpoints name.
 * The clock only ends a run that turns out slower than expected.
 */
import { count, plural } from '../base/wording.js';
import { latestIdentity } from './checkpoint.js';
import type { TrainingProgress } from './checkpoint.js';
import type { RunData } from './runData.js';
import { costOfStep } from './stepCost.js';
import { mainName } from './stages.js';
import { stepsIn } from './stepsInTime.js';
import type { TimeEstimate } from './stepsInTime.js';
import { layOutRun } from './trainingRun.js';
import type { LaidOutRun, TrainOptions, TrainingRun } from './trainingRun.js';

/** Typical speed of training steps on a CPU as a share of large matrix products. */
export const usualShare = 0.65;
/** A pass forward alone takes a third of the operations of a training step. */
const forwardShare = 1 / 3;
const guessedSteps = 1000;

export interface RunEstimate extends TimeEstimate {
  /** Mean tokens of a step of the run's objectives, excluding padding. */
  readonly tokensPerStep: number;
  /** Steps of the run's own objective for a pass over the notes. */
  readonly stepsPerEpoch: number;
}

/** The same options with the number of steps that fit, where there is a limit of time. */
export async function withStepsInTime<Options extends TrainOptions>(
  options: Options,
  data: RunData,
): Promise<Options> {
  const { training, resume, checkpointFolder, objective } = options;
  const { maxSeconds, maxSteps } = training;
  if (maxSeconds === null) return options;
  const saved = resume ? await latestIdentity(checkpointFolder) : null;
  const least = objective.first === undefined ? 1 : 2;
  let steps = saved === null ? null : savedSteps(saved);
  if (steps === null) {
    const fitting = async (guess: number): Promise<number> => {
      const found = await estimateTime(options, data, guess);
      return Math.max(
        least,
        Math.min(maxSteps ?? Infinity, stepsIn(maxSeconds, found, training.evalSteps)),
      );
    };
    steps = await fitting(guessedSteps);
    // Heads take their part of the steps, up to a limit that short runs stay below.
    const hasHeads = options.newHead === true || training.mergeWithBase !== null;
    if (hasHeads && steps < guessedSteps) steps = await fitting(steps);
  }
  return { ...options, training: { ...training, maxSteps: steps } };
}

/** Measures how fast the device is now, and estimates the run from the operations of its steps. */
export async function estimateTime(
  options: TrainOptions,
  data: RunData,
  maxSteps = guessedSteps,
): Promise<RunEstimate> {
  const { training, backend, threads, now, usualShare: share = usualShare } = options;
  const quiet = { ...options, onNote: () => undefined, training: { ...training, maxSteps } };
  const gigaflops = await backend.measurePeak({ threads, now });
  return estimateOf(await layOutRun(quiet, data), data, 1 / (share * gigaflops * 1e9));
}

function estimateOf(run: LaidOutRun, { heldOut }: RunData, secondsEach: number): RunEstimate {
  const costs = run.stages.map((laidOut) => ({ ...laidOut, ...costOfStep(laidOut, 0) }));
  const own = costs.filter(({ stage }) => stage.kind === 'objective');
  const others = costs.filter(({ stage }) => stage.kind !== 'objective');
  const sum = (of: 'operations' | 'tokens', stages: typeof costs): number =>
    stages.reduce((total, each) => total + each.steps * each[of], 0);
  const steps = own.reduce((total, each) => total + each.steps, 0);
  const tokensPerStep = sum('tokens', own) / steps;
  const operations = sum('operations', own) / steps;
  const heldOutTokens = heldOut.documents.reduce((total, { ids }) => total + ids.length, 0);
  return {
    step: secondsEach * operations,
    measurement: (secondsEach * forwardShare * operations * heldOutTokens) / tokensPerStep,
    heads: secondsEach * sum('operations', others),
    tokensPerStep,
    stepsPerEpoch: run.main.sampler.stepsPerEpoch,
  };
}

function savedSteps(identity: Readonly<Record<string, unknown>>): number | null {
  const saved = identity['training configuration'];
  if (typeof saved !== 'object' || saved === null || !('maxSteps' in saved)) return null;
  return typeof saved.maxSteps === 'number' ? saved.maxSteps : null;
}

/** Whether the time of a stage is up; those after it keep their part of the run's time. */
export function isTimeUp(
  { run, stage, options }: TrainingRun,
  { milliseconds, measuringMilliseconds = 0 }: TrainingProgress,
): boolean {
  const { maxSeconds } = options.training;
  if (maxSeconds === null || stage.ratio !== null) return false;
  const place = run.stages.findIndex((each) => each.stage.name === stage.name);
  const stepsOf = (stages: LaidOutRun['stages']): number =>
    stages.reduce((sum, { steps }) => sum + steps, 0);
  const share = stepsOf(run.stages.slice(0, place + 1)) / stepsOf(run.stages);
  return milliseconds + measuringMilliseconds >= 1000 * maxSeconds * share;
}

/** What is said of a stage that the clock has ended. */
export function timeUpSentence({ stage, steps, options }: TrainingRun, done: number): string {
  const seconds = options.training.maxSeconds ?? 0;
  const whole = stage.name === mainName ? 'the time' : 'its part of the time';
  return `${stage.label} ended after ${count(done)} of ${plural(steps, 'step')}, since ${whole} of ${durationText(seconds)} was up.`;
}

function durationText(seconds: number): string {
  if (seconds < 120) return plural(seconds, 'second');
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute');
  return plural(Math.round(seconds / 360) / 10, 'hour');
}
