/**
 * Loss over documents that are not trained on: the same sequences and masks each time, no dropout.
 * Sessions are made for the measurement and released after it.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { LoraSettings } from '../encoder/lora.js';
import { totalLoss } from '../objectives/lossWeights.js';
import type { LossName, Objective, SampledStep, Sampler } from '../objectives/objective.js';
import { createExecutor, cutStep, layOutGraphs } from '../backend/cpu/executor.js';
import type { Executor } from '../backend/cpu/executor.js';
import type { HeldParameters } from '../backend/cpu/parameterMemory.js';
import { createStepLossRunner } from '../backend/cpu/stepLossRunner.js';
import type { StepLossRunner } from '../backend/cpu/stepLossRunner.js';

export interface HeldOutOptions {
  readonly objective: Objective;
  readonly config: EncoderConfig;
  readonly parameters: HeldParameters;
  /** Of the held-out documents; its first epoch is measured. */
  readonly sampler: Sampler;
  readonly lora: LoraSettings | null;
  readonly threads: number;
  /** Runs that a micro-batch is cut into. */
  readonly split: number;
  readonly sessionLimitBytes: number;
}

export interface HeldOutLoss {
  /** Weighted sum of the losses. */
  readonly loss: number;
  /** Means over masked tokens, anchors or labelled sequences; none where there was nothing to measure. */
  readonly losses: Readonly<Partial<Record<LossName, number>>>;
  /** Share of masked tokens that the model ranks first. */
  readonly accuracy: number;
  readonly maskedTokens: number;
}

export interface MeasureContext {
  readonly signal: AbortSignal | undefined;
  readonly pauseGate: (() => Promise<void>) | undefined;
  /** Sequences measured so far. */
  readonly onProgress: (done: number, total: number) => void;
}

export async function measureHeldOut(
  options: HeldOutOptions,
  context: MeasureContext,
): Promise<HeldOutLoss> {
  const { objective, config, sampler, threads } = options;
  const layout = layOutGraphs({
    ...options,
    shapes: sampler.shapes,
    purposes: ['evaluate'],
    isTrained: () => false,
    dropout: false,
  });
  const executor = createExecutor({
    ...options,
    layout,
    scratch: new Float32Array(layout.bufferBytes / 4),
  });
  let runner: StepLossRunner | null = null;
  try {
    if (objective.stepLoss !== null) {
      const { stepCapacity } = sampler;
      const { hiddenSize } = config;
      runner = await createStepLossRunner(objective.stepLoss, hiddenSize, stepCapacity, threads);
    }
    const steps = Array.from({ length: sampler.stepsPerEpoch }, (_, step) => sampler.step(step));
    const totals = await measureSteps(runner === null ? [joined(steps)] : steps, {
      options,
      context,
      executor,
      runner,
    });
    return summarise(totals, objective);
  } finally {
    await executor.release();
    await runner?.release();
  }
}

/** All steps as one, a shape after the other, so that each session is made once. */
function joined(steps: readonly SampledStep[]): SampledStep {
  const microBatches = steps.flatMap((step) => step.microBatches);
  return {
    microBatches: microBatches.sort((a, b) => a.shape - b.shape),
    stepInputs: {},
    stepWeight: 0,
  };
}

/** Sums of weight x loss, and of weights. */
interface Totals {
  readonly loss: Partial<Record<LossName, number>>;
  readonly weight: Partial<Record<LossName, number>>;
  correct: number;
}

interface Measurement {
  readonly options: HeldOutOptions;
  readonly context: MeasureContext;
  readonly executor: Executor;
  readonly runner: StepLossRunner | null;
}

async function measureSteps(
  steps: readonly SampledStep[],
  { options, context, executor, runner }: Measurement,
): Promise<Totals> {
  const totals: Totals = { loss: {}, weight: {}, correct: 0 };
  const sequences = steps.flatMap(({ microBatches }) => microBatches.flatMap((b) => b.rows.flat()));
  let done = 0;
  for (const step of steps) {
    runner?.embeddings.fill(0);
    for (const part of cutStep(step.microBatches, executor)) {
      await setImmediate();
      await context.pauseGate?.();
      throwIfAborted(context.signal);
      const examples = part.rows.flat();
      const weights = { prediction: 1, category: 1, embeddingGradient: null };
      const { buffers } = await executor.run('evaluate', part.shape, part.rows, weights);
      for (const [name, value] of Object.entries(buffers.losses)) {
        const weight = examples.reduce(
          (sum, example) =>
            sum + (name === 'mlm' ? example.positions.length : example.categoryWeight),
          0,
        );
        addTo(totals, name as LossName, value[0]!, weight);
      }
      totals.correct += buffers.correct.mlm?.[0] ?? 0;
      if (runner !== null && buffers.embeddings !== null) {
        executor.copyEmbeddings(buffers.embeddings, part, runner.embeddings);
      }
      done += examples.length;
      context.onProgress(done, sequences.length);
    }
    if (runner !== null && step.stepWeight > 0) {
      const loss = await runner.run(step.stepInputs);
      const { name } = options.objective.stepLoss!;
      addTo(totals, name, loss * step.stepWeight, step.stepWeight);
    }
  }
  return totals;
}

function addTo({ loss, weight }: Totals, name: LossName, sum: number, count: number): void {
  loss[name] = (loss[name] ?? 0) + sum;
  weight[name] = (weight[name] ?? 0) + count;
}

function summarise({ loss, weight, correct }: Totals, objective: Objective): HeldOutLoss {
  const losses: Partial<Record<LossName, number>> = {};
  for (const name of Object.keys(loss) as LossName[]) {
    if (weight[name]! > 0) losses[name] = loss[name]! / weight[name]!;
  }
  const maskedTokens = weight.mlm ?? 0;
  return {
    loss: totalLoss(objective.lossWeights, losses),
    losses,
    accuracy: maskedTokens === 0 ? 0 : correct / maskedTokens,
    maskedTokens,
  };
}
