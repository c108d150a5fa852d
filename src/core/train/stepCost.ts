/** What the next steps of a stage cost, from the sequences that they read. */
import type { LaidOutStage } from './trainingRun.js';

/** Number of steps sampled to estimate their cost. */
const sampledSteps = 16;

/** Means over the next steps of a stage. */
export function costOfStep(
  { sampler, layout, steps }: LaidOutStage,
  done: number,
): { readonly tokens: number; readonly operations: number } {
  const looked = Math.max(1, Math.min(sampledSteps, steps - done));
  let [tokens, operations] = [0, 0];
  for (let step = done; step < done + looked; step++) {
    for (const { shape, rows } of sampler.step(step).microBatches) {
      tokens += rows.flat().reduce((sum, { inputIds }) => sum + inputIds.length, 0);
      operations += layout.operations(shape) * sampler.shapes[shape]!.batchSize;
    }
  }
  return { tokens: tokens / looked, operations: operations / looked };
}
