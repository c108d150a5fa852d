/** Draws the same dropout masks as the CPU backend's kernels, in plain JavaScript. */
import { philox4x32 } from '../../base/random.js';
import type { DropoutSite } from '../../encoder/scope.js';
import type { DropoutKey } from '../dropoutKey.js';

/** Fills a site's mask for the rows from `firstRow`, numbered within the step. */
export function fillMask(
  mask: Float32Array,
  { shape, rate, layer, site }: DropoutSite,
  key: DropoutKey,
  step: number,
  firstRow: number,
): void {
  const rows = shape[0] ?? 1;
  const size = mask.length / rows;
  const threshold = Math.round(rate * 65_536);
  const block = new Uint32Array(4);
  for (let row = 0; row < rows; row++) {
    for (let e = 0; e < size; e++) {
      // Four blocks are computed together, and each half-word decides one value.
      philox4x32([4 * (e >> 5) + (e & 3), firstRow + row, step, layer * 65_536 + site], key, block);
      const word = block[(e >> 3) & 3]!;
      const half = (e & 4) === 0 ? word & 0xffff : word >>> 16;
      mask[row * size + e] = half >= threshold ? 1 / (1 - rate) : 0;
    }
  }
}
