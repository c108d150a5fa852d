/** Lays out an objective's sequences in rows and micro-batches. */
import type { Random } from '../../base/random.js';
import { planBuckets } from './planBuckets.js';
import type { SampledSequences } from './planBuckets.js';
import { cutRows, packRows } from './rows.js';
import type { SequenceSize } from './rows.js';
import { predictionSlots } from './masking.js';
import type { MaskingSettings } from './masking.js';
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
   * Lays out every sequence exactly once.
   *
   * @param random chooses which sequences of equal size share a row and a micro-batch; if absent,
   * adjacent ones do
   */
  layOut(sizes: readonly SequenceSize[], random?: Random): LaidOutMicroBatch[];
}

/** Number of groups of sequences (steps or batches) sampled to choose the shapes. */
export const sampledGroups = 16;

export interface LayoutSetup extends Pick<SamplerSetup, 'maxLength' | 'microBatchTokens'> {
  /** `null` if nothing is predicted. */
  readonly masking: Pick<MaskingSettings, 'mlmProbability'> | null;
}

/** @param batchSequences sequences per micro-batch, one per row; `null`: sequences share rows */
export function createLayout(
  sampled: SampledSequences,
  { maxLength, microBatchTokens, masking }: LayoutSetup,
  batchSequences: number | null = null,
): Layout {
  const slotsOf = (tokens: number): number =>
    masking === null ? 0 : predictionSlots(tokens, masking.mlmProbability);
  const buckets = planBuckets(sampled, {
    maxLength,
    microBatchTokens,
    microBatchSequences: batchSequences,
    slotsOf,
  });
  // A graph that predicts nothing has no head.
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
          // Falls back to the only kind, for a sequence of special tokens when all sampled ones
          // predict.
          shape: Math.max(0, kinds.indexOf(predicts)) * buckets.length + bucket,
          rows,
        }),
      ),
  };
}

/** The micro-batches of a step with these examples. */
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
