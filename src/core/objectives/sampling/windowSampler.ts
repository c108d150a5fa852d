/**
 * Visits every window of every document once per epoch. Long documents are cut into windows; short
 * ones share rows to reduce padding; nothing is dropped.
 */
import { createRandom } from '../../base/random.js';
import type { Random } from '../../base/random.js';
import { cutWindows, dealSteps } from './batches.js';
import type { SequenceSize } from './rows.js';
import { createLayout } from './layout.js';
import type { LaidOutMicroBatch, Layout } from './layout.js';
import { maskSequence } from './masking.js';
import type { Example, Sampler, SamplerSetup, Targets } from './sampler.js';
import { maskWholeWords } from './wholeWords.js';

export interface Windows {
  /** Token ids, including special tokens. */
  readonly sequences: readonly Int32Array[];
  readonly lengths: readonly number[];
  /** Index of each sequence's document. */
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

export interface WindowSamplerOptions {
  /** Whether masked tokens are predicted. */
  readonly predicts: boolean;
  /** A window's targets other than its masked tokens, by document index. */
  readonly targetsOf: (document: number) => Targets;
  /**
   * What the encoder reads of a window, no longer than the window, and targets; absent: the window
   * with masked tokens if it `predicts`, else as it is.
   */
  readonly draw?: (ids: Int32Array, random: Random) => MaskedExample;
}

export function windowSampler(setup: SamplerSetup, options: WindowSamplerOptions): Sampler {
  const { batches, seed } = setup;
  const windows = windowsOf(setup);
  const { lengths, documents } = windows;
  const sizes = lengths.map((tokens) => ({ tokens, predicts: options.predicts }));
  const layout = createLayout(sampleSizes(sizes), setup, batches.batchSequences);
  const planEpoch = (epoch: number): LaidOutMicroBatch[] => {
    const random = createRandom(seed, 'order', epoch);
    return random.shuffle(layout.layOut(sizes, random));
  };
  const first = planEpoch(0);
  const stepsPerEpoch = countSteps(first, layout, setup);
  let planned = { epoch: 0, steps: dealSteps(first, stepsPerEpoch) };
  return {
    shapes: layout.shapes,
    stepsPerEpoch,
    stepCapacity: 0,
    step(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (planned.epoch !== epoch) {
        planned = { epoch, steps: dealSteps(planEpoch(epoch), stepsPerEpoch) };
      }
      const exampleOf = (window: number): Example => {
        const { predicts, targetsOf, draw } = options;
        const { inputIds, targets } =
          draw === undefined
            ? maskWindow(setup, windows, { epoch, window, predicts })
            : draw(windows.sequences[window]!, createRandom(seed, 'drawing', epoch, window));
        return { inputIds, row: -1, targets: { ...targets, ...targetsOf(documents[window]!) } };
      };
      const microBatches = planned.steps[step % stepsPerEpoch]!.map(({ shape, rows }) => ({
        shape,
        rows: rows.map((row) => row.map(exampleOf)),
      }));
      return { microBatches, stepInputs: {}, stepWeight: 0 };
    },
  };
}

/** Number of windows sampled to choose the shapes. */
const sampledWindows = 4000;

/** @param sizes of all windows */
function sampleSizes(sizes: readonly SequenceSize[]) {
  const count = Math.min(sampledWindows, sizes.length);
  const sampled = Array.from(
    { length: count },
    (_, i) => sizes[Math.floor((i * sizes.length) / count)]!,
  );
  return { groups: [sampled], longest: longestOf(sizes), scale: sizes.length / count };
}

export function longestOf(sizes: readonly SequenceSize[]): number {
  return sizes.reduce((longest, { tokens }) => Math.max(longest, tokens), 1);
}

/** A sequence with its masked tokens to predict. */
export type MaskedExample = Pick<Example, 'inputIds' | 'targets'>;

/** The mask depends only on the epoch and the window, not on the step or micro-batch. */
export function maskWindow(
  setup: SamplerSetup,
  { sequences }: Windows,
  { epoch, window, predicts }: { epoch: number; window: number; predicts: boolean },
): MaskedExample {
  const { seed } = setup;
  const ids = sequences[window]!;
  if (!predicts) return unmasked(ids);
  return maskIds(ids, createRandom(seed, 'masking', epoch, window), setup);
}

export function maskIds(ids: Int32Array, random: Random, { masking }: SamplerSetup): MaskedExample {
  const { isWordStart } = masking;
  const { inputIds, positions, labels } =
    isWordStart === null
      ? maskSequence(ids, random, masking)
      : maskWholeWords(ids, isWordStart, random, masking);
  return { inputIds, targets: { mlm: { positions, labels, weight: 1 } } };
}

export function unmasked(inputIds: Int32Array): MaskedExample {
  return { inputIds, targets: {} };
}

function countSteps(
  microBatches: readonly LaidOutMicroBatch[],
  { shapes }: Layout,
  { batches }: SamplerSetup,
): number {
  const { batchTokens, batchSequences, gradientAccumulationSteps } = batches;
  const size = ({ shape, rows }: LaidOutMicroBatch): number =>
    batchSequences === null
      ? shapes[shape]!.sequenceLength * shapes[shape]!.batchSize
      : rows.length;
  const epochSize = microBatches.reduce((sum, microBatch) => sum + size(microBatch), 0);
  const perStep = (batchSequences ?? batchTokens) * gradientAccumulationSteps;
  return Math.min(microBatches.length, Math.max(1, Math.round(epochSize / perStep)));
}
