/**
 * Every window of every document once an epoch. Long documents are cut into windows; windows of like
 * length share a micro-batch, so that little is padded; nothing is dropped.
 */
import { createRandom } from '../base/random.js';
import { cutWindows, dealSteps, planBuckets, planMicroBatches } from '../tokens/batches.js';
import type { Bucket, MicroBatch } from '../tokens/batches.js';
import { maskSequence, predictionSlots } from './masking.js';
import type { Example, MicroBatchShape, Sampler, SamplerSetup } from './objective.js';

export interface Windows {
  /** Ids with the special tokens around them. */
  readonly sequences: readonly Int32Array[];
  readonly lengths: readonly number[];
  /** Index of the document that each is of. */
  readonly documents: readonly number[];
}

export function windowsOf({ documents, maxLength, special }: SamplerSetup): Windows {
  const cut = documents.map(({ ids }) => cutWindows(ids, { maxLength, ...special }));
  const sequences = cut.flat();
  return {
    sequences,
    lengths: sequences.map(({ length }) => length),
    documents: cut.flatMap((windows, document) => windows.map(() => document)),
  };
}

/** What an example adds to a masked window. */
export type Annotation = Pick<Example, 'row' | 'category' | 'categoryWeight'>;

export const plain: Annotation = { row: -1, category: 0, categoryWeight: 0 };

export interface WindowSamplerOptions {
  /** Whether masked tokens are predicted. */
  readonly predicts: boolean;
  readonly annotate: (document: number) => Annotation;
}

export function windowSampler(setup: SamplerSetup, options: WindowSamplerOptions): Sampler {
  const { settings, seed } = setup;
  const windows = windowsOf(setup);
  const { lengths, documents } = windows;
  const buckets = planBuckets(lengths, {
    maxLength: setup.maxLength,
    microBatchTokens: setup.microBatchTokens,
    microBatchSequences: settings.batchSequences,
  });
  const planEpoch = (epoch: number): MicroBatch[] =>
    planMicroBatches(lengths, buckets, createRandom(seed, 'order', epoch));
  const first = planEpoch(0);
  const stepsPerEpoch = countSteps(first, buckets, setup);
  let planned = { epoch: 0, steps: dealSteps(first, stepsPerEpoch) };
  return {
    shapes: buckets.map((bucket) => shapeOf(bucket, setup, options.predicts)),
    stepsPerEpoch,
    stepCapacity: 0,
    step(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (planned.epoch !== epoch) {
        planned = { epoch, steps: dealSteps(planEpoch(epoch), stepsPerEpoch) };
      }
      const microBatches = planned.steps[step % stepsPerEpoch]!.map(({ bucket, sequences }) => ({
        shape: bucket,
        examples: sequences.map((window) => ({
          ...maskWindow(setup, windows, { epoch, window, predicts: options.predicts }),
          ...options.annotate(documents[window]!),
        })),
      }));
      return { microBatches, stepInputs: {}, stepWeight: 0 };
    },
  };
}

/** The same mask for a window in an epoch, whatever step and micro-batch it comes in. */
export function maskWindow(
  { masking, seed }: SamplerSetup,
  { sequences }: Windows,
  { epoch, window, predicts }: { epoch: number; window: number; predicts: boolean },
): Pick<Example, 'inputIds' | 'positions' | 'labels'> {
  const ids = sequences[window]!;
  if (!predicts) return unmasked(ids);
  return maskSequence(ids, createRandom(seed, 'masking', epoch, window), masking);
}

export function unmasked(inputIds: Int32Array): Pick<Example, 'inputIds' | 'positions' | 'labels'> {
  return { inputIds, positions: new Int32Array(), labels: new Int32Array() };
}

export function shapeOf(
  { batchSize, sequenceLength }: Bucket,
  { masking }: SamplerSetup,
  predicts: boolean,
): MicroBatchShape {
  const predictions = predicts
    ? predictionSlots(batchSize, sequenceLength, masking.mlmProbability)
    : 0;
  return { batchSize, sequenceLength, predictions };
}

function countSteps(
  microBatches: readonly MicroBatch[],
  buckets: readonly Bucket[],
  { settings }: SamplerSetup,
): number {
  const { batchTokens, batchSequences, gradientAccumulationSteps } = settings;
  const size = ({ bucket, sequences }: MicroBatch): number =>
    batchSequences === null
      ? buckets[bucket]!.sequenceLength * buckets[bucket]!.batchSize
      : sequences.length;
  const epochSize = microBatches.reduce((sum, microBatch) => sum + size(microBatch), 0);
  const perStep = (batchSequences ?? batchTokens) * gradientAccumulationSteps;
  return Math.min(microBatches.length, Math.max(1, Math.round(epochSize / perStep)));
}
