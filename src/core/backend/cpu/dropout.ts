import type { DropoutKey } from '../dropoutKey.js';
import type { GraphBuffers } from './buffers.js';
import type { Kernels } from './kernels/memory.js';

/**
 * Fills every mask of a micro-batch. A mask depends only on the seed, the step, the row's number
 * within the step, the layer and the site, so splitting the step differently does not change it.
 */
export function fillDropoutMasks(
  kernels: Kernels,
  dropout: GraphBuffers['dropout'],
  key: DropoutKey,
  step: number,
  firstRow: number,
): void {
  for (const { site, mask } of dropout) {
    const rows = site.shape[0] ?? 1;
    const size = mask.length / rows;
    const threshold = Math.round(site.rate * 65_536);
    for (let row = 0; row < rows; row++) {
      kernels.fillDropout(
        mask.byteOffset + 4 * row * size,
        size,
        threshold,
        1 / (1 - site.rate),
        firstRow + row,
        step,
        site.layer * 65_536 + site.site,
        key[0],
        key[1],
      );
    }
  }
}
