/** One optimizer step: gradients of its micro-batches, clipped, then AdamW. */
import { setImmediate } from 'node:timers/promises';
import { failure, throwIfAborted } from '../base/errors.js';
import { totalLoss } from '../objectives/lossWeights.js';
import type { LossName, SampledStep } from '../objectives/objective.js';
import { whatNow } from './divergence.js';
import { fillDropoutMasks } from '../backend/cpu/dropout.js';
import { cutStep } from '../backend/cpu/executor.js';
import type { StepPart } from '../backend/cpu/executor.js';
import { adamWStep, clipScale, gradientNorm } from '../backend/cpu/optimizer.js';
import { learningRateAt } from './schedule.js';
import type { TrainingRun } from './trainingRun.js';

export interface StepOutcome {
  /** Weighted sum. */
  readonly loss: number;
  /** Without those for which this step has no labels, or nothing to compare. */
  readonly losses: Readonly<Partial<Record<LossName, number>>>;
  readonly learningRate: number;
  readonly gradNorm: number;
  /** Without padding. */
  readonly tokens: number;
  /** Useful floating-point operations, padding taken off. */
  readonly flops: number;
}

/** @param step complete steps so far */
export async function trainStep(run: TrainingRun, step: number): Promise<StepOutcome> {
  const { state, objective } = run;
  const { training } = run.options;
  const sampled = run.sampler.step(step);
  const parts = cutStep(sampled.microBatches, run.executor);
  const { losses, tokens, flops } = await stepGradients(run, step, sampled, parts);
  const loss = totalLoss(objective.lossWeights, losses);
  const gradNorm = gradientNorm(state);
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
    throw failure(`The loss of step ${step + 1} is not a number: ${whatNow(run)}`);
  }
  const learningRate = learningRateAt(training, step + 1, run.totalSteps);
  const adamW = {
    beta1: training.adamBeta1,
    beta2: training.adamBeta2,
    epsilon: training.adamEpsilon,
    weightDecay: training.weightDecay,
  };
  adamWStep(state, adamW, step + 1, learningRate, clipScale(gradNorm, training.maxGradNorm));
  return { loss, losses, learningRate, gradNorm, tokens, flops };
}

type StepTotals = Pick<StepOutcome, 'losses' | 'tokens' | 'flops'>;

async function stepGradients(
  run: TrainingRun,
  step: number,
  sampled: SampledStep,
  parts: readonly StepPart[],
): Promise<StepTotals> {
  const { state, objective, executor } = run;
  const examples = parts.flatMap(({ rows }) => rows.flat());
  const predicted = examples.reduce((sum, { positions }) => sum + positions.length, 0);
  const labelled = examples.reduce((sum, { categoryWeight }) => sum + categoryWeight, 0);
  const lossWeights = objective.lossWeights;
  const stepLoss = await gradientOfStepLoss(run, step, sampled, parts);
  const weights = {
    prediction: (lossWeights.mlm ?? 0) / Math.max(1, predicted),
    category: labelled === 0 ? 0 : (lossWeights.category ?? 0) / labelled,
    embeddingGradient: stepLoss?.gradient ?? null,
  };
  const weighted: Partial<Record<LossName, number>> = {};
  let [tokens, flops] = [0, 0];
  for (const part of parts.filter(({ shape }) => executor.teaches(shape))) {
    await breathe(run);
    const executed = await executor.run('train', part.shape, part.rows, weights, (dropout) => {
      fillDropoutMasks(state.memory.kernels, dropout, run.dropoutKey, step, part.firstRow);
    });
    for (const { gradient, values, ids, width } of executed.buffers.rows) {
      const [to, from, at] = [gradient.byteOffset, values.byteOffset, ids.byteOffset];
      state.memory.kernels.addRows(to, from, at, ids.length, width);
    }
    for (const [name, value] of Object.entries(executed.buffers.losses)) {
      const loss = name as LossName;
      weighted[loss] = (weighted[loss] ?? 0) + value[0]!;
    }
    tokens += executed.tokens;
    flops += executed.flops;
  }
  const losses: Partial<Record<LossName, number>> = {};
  // A mean over nothing is no loss of 0.
  const counted: Partial<Record<LossName, number>> = { mlm: predicted, category: labelled };
  for (const name of Object.keys(weighted) as LossName[]) {
    if (counted[name]! > 0) losses[name] = weighted[name]! / lossWeights[name]!;
  }
  if (stepLoss !== null && sampled.stepWeight > 0) losses[stepLoss.name] = stepLoss.loss;
  return { losses, tokens, flops };
}

/**
 * Gradient caching (Gao et al., "Scaling Deep Contrastive Learning Batch Size under Memory Limited
 * Setup", 2021): a first pass keeps nothing but the embeddings of the whole step, the loss gives
 * its gradient by each of them, and the second pass carries these into the encoder, under the same
 * dropout. The result is that of the whole step at once.
 */
async function gradientOfStepLoss(
  run: TrainingRun,
  step: number,
  sampled: SampledStep,
  parts: readonly StepPart[],
): Promise<{ name: LossName; loss: number; gradient: Float32Array } | null> {
  const { state, executor, stepLoss, objective } = run;
  if (stepLoss === null || objective.stepLoss === null) return null;
  const { name } = objective.stepLoss;
  stepLoss.embeddings.fill(0);
  if (sampled.stepWeight === 0) {
    return { name, loss: 0, gradient: stepLoss.gradient.fill(0) };
  }
  for (const part of parts) {
    await breathe(run);
    const { buffers } = await executor.run(
      'embed',
      part.shape,
      part.rows,
      { prediction: 0, category: 0, embeddingGradient: null },
      (dropout) => {
        fillDropoutMasks(state.memory.kernels, dropout, run.dropoutKey, step, part.firstRow);
      },
    );
    executor.copyEmbeddings(buffers.embeddings!, part, stepLoss.embeddings);
  }
  const loss = await stepLoss.run(sampled.stepInputs);
  const weight = objective.lossWeights[name] ?? 0;
  const { gradient } = stepLoss;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= weight;
  return { name, loss, gradient };
}

/** A run() blocks the process: between two of them is where Cancel and Pause are heard. */
async function breathe({ options }: TrainingRun): Promise<void> {
  await setImmediate();
  await options.pauseGate?.();
  throwIfAborted(options.signal);
}
