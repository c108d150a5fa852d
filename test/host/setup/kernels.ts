import { buildKernels } from '../../../scripts/kernels.mjs';

/** vitest global set-up: the core's sources import what this compiles. */
export async function setup(): Promise<void> {
  await buildKernels();
}
