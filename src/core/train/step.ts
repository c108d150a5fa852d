/** One optimizer step: gradients of its micro-batches, clipped, then AdamW. */
import { setImmediate } from 'node:timers/promises';
import { failure, throwIfAborted } from '../base/errors.js';
import { createRandom } from '../base/random.js';
import { fillMaskedBatch, maskSequence } from '../objectives/masking.js';
import { fillDropoutMasks } from './dropout.js';
import { adamWStep, clipScale, gradientNorm } from './optimizer.js';
import { learningRateAt } from './schedule.js';
import type { TrainingRun } from './trainingRun.js';

export interface StepOutcome {
  readonly loss: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly gradNorm: number;
  /** Without padding. */
  readonly tokens: number;
  /** Useful floating-point operations, padding taken off. */
  readonly flops: number;
}

/** @param step complete steps so far */
export async function trainStep(run: TrainingRun, step: number): Promise<StepOutcome> {
  const { options, state, dataset, masking } = run;
  const { seed, training } = options;
  const { epoch, microBatches } = run.microBatches(step);
  const samples = microBatches.map(({ sequences }) =>
    sequences.map((window) =>
      maskSequence(dataset.windows[window]!, createRandom(seed, 'masking', epoch, window), masking),
    ),
  );
  const predicted = samples.flat().reduce((sum, { positions }) => sum + positions.length, 0);
  const losses: Record<string, number> = {};
  let [tokens, flops, example] = [0, 0, 0];
  for (const [index, { bucket, sequences }] of microBatches.entries()) {
    // A run() blocks the process: this is where Cancel and Pause are heard.
    await setImmediate();
    await options.pauseGate?.();
    throwIfAborted(options.signal);
    const { shape, graph, buffers } = run.graphs[bucket]!;
    fillMaskedBatch(
      buffers.inputs,
      samples[index]!,
      shape,
      options.config,
      1 / Math.max(1, predicted),
    );
    fillDropoutMasks(state.memory.kernels, buffers.dropout, run.dropoutKey, step, example);
    const session = await run.sessions.get(bucket);
    await session.run(buffers.feeds, buffers.outputs);
    for (const { gradient, values, ids, width } of buffers.rows) {
      const [to, from, at] = [gradient.byteOffset, values.byteOffset, ids.byteOffset];
      state.memory.kernels.addRows(to, from, at, ids.length, width);
    }
    for (const [name, value] of Object.entries(buffers.losses)) {
      losses[name] = (losses[name] ?? 0) + value[0]!;
    }
    const used = sequences.reduce((sum, window) => sum + dataset.lengths[window]!, 0);
    tokens += used;
    flops += (graph.flops * used) / (shape.batchSize * shape.sequenceLength);
    example += sequences.length;
  }
  const loss = Object.values(losses).reduce((a, b) => a + b, 0);
  const gradNorm = gradientNorm(state);
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
    throw failure(
      `The loss of step ${step + 1} is not a number: the last checkpoint is kept; start again with a lower learningRate or more warmupSteps.`,
    );
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
