/** Steps of objectives that compare documents: so many documents a step, not so many tokens. */
import { createRandom } from '../base/random.js';
import type { BatchLimits, Bucket } from '../tokens/batches.js';
import type { Example, ObjectiveSettings, SamplerSetup } from './objective.js';

export interface DocumentSteps {
  readonly perEpoch: number;
  /** Documents of the largest step. */
  readonly largest: number;
  /** @param step counts from 0 */
  of(step: number): { readonly epoch: number; readonly members: readonly number[] };
}

/** Every document once an epoch, in steps whose sizes differ by at most one. */
export function dealDocuments(
  count: number,
  settings: Pick<ObjectiveSettings, 'batchDocuments' | 'gradientAccumulationSteps'>,
  seed: number,
): DocumentSteps {
  const wanted = settings.batchDocuments * settings.gradientAccumulationSteps;
  const perEpoch = Math.max(1, Math.round(count / wanted));
  let dealt = { epoch: -1, order: [] as number[] };
  return {
    perEpoch,
    largest: Math.ceil(count / perEpoch),
    of(step) {
      const epoch = Math.floor(step / perEpoch);
      if (dealt.epoch !== epoch) {
        const order = Array.from({ length: count }, (_, i) => i);
        dealt = { epoch, order: createRandom(seed, 'documents', epoch).shuffle(order) };
      }
      const place = step % perEpoch;
      const [start, end] = [place, place + 1].map((i) => Math.floor((i * count) / perEpoch));
      return { epoch, members: dealt.order.slice(start, end) };
    },
  };
}

/** Micro-batches of a step should be several, so that few rows of the last of each length stay empty. */
const microBatchesOfStep = 4;

/** How the sequences of a step are cut into micro-batches. */
export function stepBudget(
  { maxLength, microBatchTokens }: SamplerSetup,
  lengths: readonly number[],
  sequences: number,
): BatchLimits {
  const mean = lengths.reduce((a, b) => a + b, 0) / Math.max(1, lengths.length);
  const share = Math.ceil((mean * sequences) / microBatchesOfStep / 32) * 32;
  return {
    maxLength,
    microBatchTokens: Math.min(microBatchTokens, Math.max(256, share)),
    microBatchSequences: sequences,
  };
}

/**
 * The examples of a step in micro-batches of like length: the longest ones first, each micro-batch in
 * the smallest bucket that holds its longest.
 */
export function laneBatches(
  examples: readonly Example[],
  buckets: readonly Bucket[],
  firstShape: number,
): { shape: number; examples: Example[] }[] {
  const sorted = [...examples].sort((a, b) => b.inputIds.length - a.inputIds.length);
  const microBatches: { shape: number; examples: Example[] }[] = [];
  for (let start = 0; start < sorted.length;) {
    const longest = sorted[start]!.inputIds.length;
    const bucket = buckets.findIndex(({ sequenceLength }) => longest <= sequenceLength);
    if (bucket < 0) throw new RangeError(`No bucket takes a sequence of ${longest} tokens.`);
    const end = start + buckets[bucket]!.batchSize;
    microBatches.push({ shape: firstShape + bucket, examples: sorted.slice(start, end) });
    start = end;
  }
  return microBatches;
}
