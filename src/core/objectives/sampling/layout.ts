/** How an objective's sequences are laid out in rows and micro-batches. */
import type { Random } from '../../base/random.js';
import { planBuckets } from './planBuckets.js';
import type { SampledSequences } from './planBuckets.js';
import { cutRows, packRows } from './rows.js';
import type { SequenceSize } from './rows.js';
import { predictionSlots } from './masking.js';
import { predictedPlaces } from './sampler.js';
import type { Example, MicroBatchShape, SamplerSetup } from './sampler.js';

export interface LaidOutMicroBatch {
  /** Index into the layout's shapes. */
  readonly shape: number;
  /** Indices of sequences, row by row. */
  readonly rows: readonly (readonly number[])[];
}

export interface Layout {
  readonly shapes: readonly MicroBatchShape[];
  /**
   * Every sequence once.
   *
   * @param random which sequences of a size share a row and a micro-batch; without it, those side by side
   */
  layOut(sizes: readonly SequenceSize[], random?: Random): LaidOutMicroBatch[];
}

/** Groups of sequences that are looked at to choose the shapes: steps or batches. */
export const sampledGroups = 16;

/** @param batchSequences each sequence has a row of its own, so many a micro-batch; `null`: they share rows */
export function planLayout(
  sampled: SampledSequences,
  { maxLength, microBatchTokens, masking }: SamplerSetup,
  batchSequences: number | null = null,
): Layout {
  const slotsOf = (tokens: number): number => predictionSlots(tokens, masking.mlmProbability);
  const buckets = planBuckets(sampled, {
    maxLength,
    microBatchTokens,
    microBatchSequences: batchSequences,
    slotsOf,
  });
  // Where nothing is predicted, the graph has no head.
  const kinds = [true, false].filter((kind) =>
    sampled.groups.some((sizes) => sizes.some(({ predicts }) => predicts === kind)),
  );
  return {
    shapes: kinds.flatMap((predicts) =>
      buckets.map(({ batchSize, sequenceLength, sequencesPerRow, slotsPerRow }) => ({
        batchSize,
        sequenceLength,
        sequencesPerRow,
        predictions: predicts ? batchSize * slotsPerRow : 0,
      })),
    ),
    layOut: (sizes, random) =>
      cutRows(packRows(sizes, buckets, slotsOf, random), buckets, random).map(
        ({ bucket, rows, predicts }) => ({
          // A sequence of special tokens alone predicts nothing, where all others do.
          shape: Math.max(0, kinds.indexOf(predicts)) * buckets.length + bucket,
          rows,
        }),
      ),
  };
}

/** The micro-batches of a step that holds these examples. */
export function layOutStep(layout: Layout, examples: readonly Example[]) {
  const sizes = examples.map((example) => ({
    tokens: example.inputIds.length,
    predicts: predictedPlaces(example) > 0,
  }));
  return layout.layOut(sizes).map(({ shape, rows }) => ({
    shape,
    rows: rows.map((row) => row.map((index) => examples[index]!)),
  }));
}
