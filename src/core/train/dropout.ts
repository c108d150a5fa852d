import { createRandom } from '../base/random.js';
import type { GraphBuffers } from './buffers.js';
import type { Kernels } from './kernels/memory.js';

export type DropoutKey = readonly [number, number];

export function dropoutKey(seed: number): DropoutKey {
  const random = createRandom(seed, 'dropout');
  return [random.integer(2 ** 32), random.integer(2 ** 32)];
}

/**
 * Fills every mask of a micro-batch. A mask depends on the seed, the step, the example's number within
 * the step, the layer and the site alone: it stays the same when the step is cut otherwise.
 */
export function fillDropoutMasks(
  kernels: Kernels,
  dropout: GraphBuffers['dropout'],
  key: DropoutKey,
  step: number,
  firstExample: number,
): void {
  for (const { site, mask } of dropout) {
    const examples = site.shape[0] ?? 1;
    const size = mask.length / examples;
    const threshold = Math.round(site.rate * 65_536);
    for (let example = 0; example < examples; example++) {
      kernels.fillDropout(
        mask.byteOffset + 4 * example * size,
        size,
        threshold,
        1 / (1 - site.rate),
        firstExample + example,
        step,
        site.layer * 65_536 + site.site,
        key[0],
        key[1],
      );
    }
  }
}
