/** Steps sized in documents rather than tokens. */
import { createRandom } from '../../base/random.js';
import type { BatchSettings } from './sampler.js';

export type DocumentBatches = Pick<BatchSettings, 'batchDocuments' | 'gradientAccumulationSteps'>;

export interface DocumentSteps {
  readonly perEpoch: number;
  /** Number of documents in the largest step. */
  readonly largest: number;
  /** @param step counts from 0 */
  of(step: number): { readonly epoch: number; readonly members: readonly number[] };
}

/** Visits every document once per epoch, in steps whose sizes differ by at most one. */
export function dealDocuments(
  count: number,
  { batchDocuments, gradientAccumulationSteps }: DocumentBatches,
  seed: number,
): DocumentSteps {
  const wanted = batchDocuments * gradientAccumulationSteps;
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
