import type { GraphBuffers } from './buffers.js';
import type { KernelMemory } from './kernels/memory.js';

/**
 * Adds the rows of a gradient to the dense one. A kernel reaches only its own memory; rows for a
 * gradient in another are added here, with the same rounding: a float64 sum of two float32 values,
 * rounded once, is the float32 sum.
 *
 * @param memory of the rows
 */
export function addRows(
  memory: KernelMemory,
  { gradient, values, ids, width }: GraphBuffers['rows'][number],
): void {
  if (gradient.buffer === values.buffer) {
    const [to, from, at] = [gradient.byteOffset, values.byteOffset, ids.byteOffset];
    memory.kernels.addRows(to, from, at, ids.length, width);
    return;
  }
  for (let row = 0; row < ids.length; row++) {
    const [to, from] = [ids[row]! * width, row * width];
    for (let i = 0; i < width; i++) gradient[to + i]! += values[from + i]!;
  }
}
