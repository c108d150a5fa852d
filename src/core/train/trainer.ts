/** Pre-training, from documents to trained parameters. */
import { Cancelled, failure, isMemoryError } from '../base/errors.js';
import { initialMlmHead } from '../encoder/initialHead.js';
import { mergeLora } from '../encoder/mergeLora.js';
import { usesMlmHead } from '../objectives/loss.js';
import { hasCheckpoint } from './checkpoint.js';
import type { TrainingProgress } from './checkpoint.js';
import { withNewHead } from './warmUpHead.js';
import { adviceOnRise, whatNow, hasDiverged, isSuspicious, watchDivergence } from './divergence.js';
import { unigramLogFrequencies } from '../tokens/unigrams.js';
import { withFittingWindow } from './fittingWindow.js';
import { reportHeldOut } from './reportHeldOut.js';
import { resumed, returnToBest, save } from './saved.js';
import { planRun } from './runPlan.js';
import type { RunPlan } from './runPlan.js';
import { trainStep } from './step.js';
import type { TrainedStep } from './step.js';
import { prepareRun, readData } from './trainingRun.js';
import type { RunData, TrainOptions, TrainingRun } from './trainingRun.js';
import { withWorkingTime } from './workingTime.js';

export interface TrainResult {
  /** All given parameters, trained or not; excludes those that the objective added. */
  readonly parameters: Map<string, Float32Array>;
  /** Totals, including the earlier part of a resumed run. */
  readonly steps: number;
  readonly tokens: number;
  readonly documentsSkipped: number;
  /** Excludes set-up, held-out losses and pauses. */
  readonly tokensPerSecond: number;
  /**
   * Share of ONNX Runtime's own GEMM speed, median of a few steps; `null` if the run was too short.
   */
  readonly gemmShare: number | null;
  /** Means of the first and the last ten steps. */
  readonly loss: { readonly first: number; readonly last: number };
  /** Measured with the same masks, without dropout. */
  readonly heldOutLoss: { readonly before: number; readonly after: number };
}

export interface TrainListener {
  /** Called once, before the first step. */
  readonly onPlan?: (plan: RunPlan) => void;
}

export async function train(given: TrainOptions & TrainListener): Promise<TrainResult> {
  const timed = withWorkingTime(given);
  const data = await readData(timed);
  const fitting = await withFittingWindow(timed, data);
  const options = fitting.newHead === true ? await withHead(fitting, data) : fitting;
  const run = await prepareRun(options, data);
  let progress: TrainingProgress | null = null;
  try {
    const restored = await resumed(run);
    options.onPlan?.(await planRun(run, restored?.step ?? 0));
    progress = restored ?? (await started(run));
    const gemmShares = await trainSteps(run, progress);
    const after = await heldOutLossAfter(run, progress);
    noteRise(run, progress, after);
    return await result(run, progress, gemmShares, after);
  } catch (error) {
    // A cancelled step has no effect, so the state is that of the last complete step.
    if (error instanceof Cancelled && progress !== null && progress.step > 0) {
      await save(run, progress);
    }
    throw error;
  } finally {
    await run.prepared.release();
  }
}

/** A resumed run's checkpoint contains its head, so the warm-up is skipped. */
async function withHead<Options extends TrainOptions>(
  options: Options,
  data: RunData,
): Promise<Options> {
  const { config, resume, checkpointFolder, training, onNote } = options;
  if (!usesMlmHead(options.objective.losses)) return options;
  if (resume && (await hasCheckpoint(checkpointFolder))) {
    const zeros = unigramLogFrequencies([], config.vocabularySize);
    const head = initialMlmHead(config, zeros);
    return { ...options, parameters: new Map([...options.parameters, ...head]) };
  }
  onNote?.(
    `The base model has no masked-language-model head: a new one learns for ${training.headWarmupSteps} steps while the encoder is frozen, and the figures before training are taken after that.`,
  );
  return { ...options, parameters: await withNewHead(options, data) };
}

async function trainSteps(run: TrainingRun, progress: TrainingProgress): Promise<number[]> {
  const { options } = run;
  const { evalSteps, saveSteps } = options.training;
  const gemmShares: number[] = [];
  // An earlier process may have been cancelled during this measurement.
  if (progress.heldOutIsDue) await measureBetween(run, progress);
  while (progress.step < run.totalSteps && !hasStoppedImproving(run, progress)) {
    const begun = options.now();
    const outcome = await trainStep(run, progress.step);
    const milliseconds = options.now() - begun;
    record(run, progress, outcome, milliseconds);
    gemmShares.push(...(await gemmShareOf(run, progress.step, outcome, milliseconds)));
    // A step without a loss says nothing about divergence.
    if (Object.keys(outcome.losses).length > 0) refuseDivergence(run, progress);
    progress.heldOutIsDue = isDue(evalSteps, progress.step, run);
    if (progress.heldOutIsDue) await measureBetween(run, progress);
    if (isDue(saveSteps, progress.step, run) && !isSuspicious(progress)) await save(run, progress);
  }
  await save(run, progress);
  return gemmShares;
}

async function measureBetween(run: TrainingRun, progress: TrainingProgress): Promise<void> {
  noteBest(run, progress, await reportHeldOut(run, progress));
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

function noteRise(
  { objective, options }: TrainingRun,
  { heldOutLossBefore }: TrainingProgress,
  after: number,
): void {
  const advice = adviceOnRise({ before: heldOutLossBefore, after }, objective.stepLoss !== null);
  if (advice !== null) options.onNote?.(advice);
}

function noteBest({ options }: TrainingRun, progress: TrainingProgress, loss: number): void {
  const { earlyStoppingPatience, earlyStoppingThreshold } = options.training;
  if (earlyStoppingPatience === null) return;
  const { best, step } = progress;
  if (best === null || loss < best.loss - earlyStoppingThreshold) {
    progress.best = { step, loss, age: 0 };
  } else {
    progress.best = { ...best, age: best.age + 1 };
  }
}

function hasStoppedImproving({ options }: TrainingRun, { best }: TrainingProgress): boolean {
  const { earlyStoppingPatience } = options.training;
  return earlyStoppingPatience !== null && best !== null && best.age >= earlyStoppingPatience;
}

/**
 * Held-out loss of the final model, which is that of the last step or of an earlier, better one.
 */
async function heldOutLossAfter(run: TrainingRun, progress: TrainingProgress): Promise<number> {
  if (!hasStoppedImproving(run, progress)) {
    const loss = await reportHeldOut(run, progress);
    noteBest(run, progress, loss);
    if (progress.best === null || progress.best.age === 0) return loss;
  }
  await returnToBest(run, progress);
  return reportHeldOut(run, progress);
}

async function started(run: TrainingRun): Promise<TrainingProgress> {
  const progress: TrainingProgress = {
    step: 0,
    tokens: 0,
    milliseconds: 0,
    firstLosses: [],
    lastLosses: [],
    heldOutLossBefore: 0,
    best: null,
    heldOutIsDue: false,
    suspiciousSteps: 0,
    split: run.prepared.split,
    threads: run.options.threads,
  };
  progress.heldOutLossBefore = await reportHeldOut(run, progress);
  return progress;
}

function record(
  { options, totalSteps, prepared }: TrainingRun,
  progress: TrainingProgress,
  outcome: TrainedStep,
  milliseconds: number,
): void {
  progress.step++;
  progress.split = prepared.split;
  progress.tokens += outcome.tokens;
  progress.milliseconds += milliseconds;
  const { loss, losses, learningRate, gradNorm, tokens } = outcome;
  if (Object.keys(losses).length > 0) {
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
  options.onProgress({ phase: 'Training', done: progress.step, total: totalSteps, unit: 'steps' });
}

/**
 * Probes the peak speed at most five times per run; each probe costs as much as a few steps of a
 * small model.
 */
async function gemmShareOf(
  { options, totalSteps }: TrainingRun,
  step: number,
  { flops }: TrainedStep,
  milliseconds: number,
): Promise<number[]> {
  const interval = Math.max(5, Math.ceil(totalSteps / 5));
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
function isDue(interval: number | null, step: number, { totalSteps }: TrainingRun): boolean {
  return interval !== null && step % interval === 0 && step < totalSteps;
}

/** The plain model: merges low-rank factors and drops the objective's parameters. */
async function modelParameters({
  options,
  specs,
  prepared,
}: TrainingRun): Promise<Map<string, Float32Array>> {
  const { config, training } = options;
  const parameters = new Map(options.parameters);
  const trained = await prepared.readParameters();
  for (const { name, part } of specs) {
    if (part !== 'objective') parameters.set(name, trained.get(name)!.slice());
  }
  return training.lora === null ? parameters : mergeLora(config, parameters, training.lora);
}

async function result(
  run: TrainingRun,
  progress: TrainingProgress,
  gemmShares: number[],
  heldOutLossAfter: number,
): Promise<TrainResult> {
  const { step, tokens, milliseconds, firstLosses, lastLosses, heldOutLossBefore } = progress;
  const { dataset } = run;
  const middle = gemmShares.sort((a, b) => a - b)[Math.floor(gemmShares.length / 2)];
  return {
    parameters: await modelParameters(run),
    steps: step,
    tokens,
    documentsSkipped: dataset.skipped,
    tokensPerSecond: milliseconds > 0 ? (tokens / milliseconds) * 1000 : 0,
    gemmShare: middle ?? null,
    loss: { first: mean(firstLosses), last: mean(lastLosses) },
    heldOutLoss: { before: heldOutLossBefore, after: heldOutLossAfter },
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
