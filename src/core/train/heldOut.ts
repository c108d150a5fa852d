/**
 * Loss over windows that are not trained on: the same masks each time, no dropout. Sessions are made
 * for the measurement and released after it.
 */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.js';
import { createRandom } from '../base/random.js';
import type { EncoderConfig } from '../encoder/config.js';
import { createSession } from '../graph/session.js';
import type { GraphSession, HostTensor } from '../graph/session.js';
import { fillMaskedBatch, maskSequence, predictionSlots } from '../objectives/masking.js';
import type { MaskedSequence, MaskingSettings } from '../objectives/masking.js';
import type { EvaluationGraph, MicroBatchShape, Objective } from '../objectives/objective.js';
import { planBuckets } from '../tokens/batches.js';
import type { Dataset } from './dataset.js';

export interface HeldOutOptions {
  readonly objective: Objective;
  readonly config: EncoderConfig;
  readonly dataset: Dataset;
  readonly masking: MaskingSettings;
  readonly microBatchTokens: number;
  readonly maxLength: number;
  readonly seed: number;
  readonly threads: number;
}

export interface HeldOutLoss {
  /** Means over the masked tokens. */
  readonly loss: number;
  readonly accuracy: number;
  readonly maskedTokens: number;
}

export interface MeasureContext {
  readonly signal: AbortSignal | undefined;
  readonly pauseGate: (() => Promise<void>) | undefined;
  /** Windows measured so far. */
  readonly onProgress: (done: number) => void;
}

export type ParameterFeeds = Readonly<Record<string, HostTensor>>;

export async function measureHeldOut(
  options: HeldOutOptions,
  parameters: ParameterFeeds,
  context: MeasureContext,
): Promise<HeldOutLoss> {
  const { objective, config, dataset, masking, seed, threads } = options;
  const samples = dataset.windows.map((window, index) =>
    maskSequence(window, createRandom(seed, 'held-out', index), masking),
  );
  const totals: Totals = { loss: 0, correct: 0, maskedTokens: 0, windows: 0 };
  const buckets = planBuckets(dataset.lengths, {
    maxLength: options.maxLength,
    microBatchTokens: options.microBatchTokens,
    microBatchSequences: null,
  });
  for (const [index, { batchSize, sequenceLength }] of buckets.entries()) {
    const shorter = buckets[index - 1]?.sequenceLength ?? 0;
    const members = samples.filter(
      ({ inputIds }) => inputIds.length > shorter && inputIds.length <= sequenceLength,
    );
    const predictions = predictionSlots(batchSize, sequenceLength, masking.mlmProbability);
    const shape = { batchSize, sequenceLength, predictions };
    const graph = objective.evaluationGraph(config, shape);
    const session = await createSession(graph.bytes, { device: 'cpu', threads });
    try {
      await measureBucket(session, graph, shape, members, options, parameters, context, totals);
    } finally {
      await session.release();
    }
  }
  const { loss, correct, maskedTokens } = totals;
  return { loss: loss / maskedTokens, accuracy: correct / maskedTokens, maskedTokens };
}

interface Totals {
  loss: number;
  correct: number;
  maskedTokens: number;
  windows: number;
}

async function measureBucket(
  session: GraphSession,
  graph: EvaluationGraph,
  shape: MicroBatchShape,
  members: readonly MaskedSequence[],
  options: HeldOutOptions,
  parameters: ParameterFeeds,
  context: MeasureContext,
  totals: Totals,
): Promise<void> {
  const inputs: Record<string, Float32Array | Int32Array> = {};
  const feeds: Record<string, HostTensor> = {};
  for (const name of graph.parameters) feeds[name] = parameters[name]!;
  for (const { name, dtype, shape: dimensions } of graph.inputs) {
    const count = dimensions.reduce((a, b) => a * b, 1);
    const data = dtype === 'float32' ? new Float32Array(count) : new Int32Array(count);
    inputs[name] = data;
    feeds[name] = { dtype, data, shape: dimensions };
  }
  const names = [...Object.values(graph.losses), graph.correct];
  const results = names.map(() => new Float32Array(1));
  const outputs = Object.fromEntries(
    names.map((name, i) => [name, { dtype: 'float32', data: results[i]!, shape: [1] } as const]),
  );
  for (let start = 0; start < members.length; start += shape.batchSize) {
    await setImmediate();
    await context.pauseGate?.();
    throwIfAborted(context.signal);
    const batch = members.slice(start, start + shape.batchSize);
    fillMaskedBatch(inputs, batch, shape, options.config, 1);
    await session.run(feeds, outputs);
    const values = results.map((result) => result[0]!);
    totals.correct += values.pop()!;
    totals.loss += values.reduce((a, b) => a + b, 0);
    totals.maskedTokens += batch.reduce((sum, { positions }) => sum + positions.length, 0);
    totals.windows += batch.length;
    context.onProgress(totals.windows);
  }
}
