import type { TrainingRun } from '../../../src/core/train/trainingRun.js';

/**
 * Gradients of a run's first step, of what it trains, once the optimizer has cleared them: after one
 * step from zero the first moment is the gradient, scaled.
 */
export function firstGradients({ state, options }: TrainingRun): Map<string, Float32Array> {
  const share = 1 - options.training.adamBeta1;
  const found = new Map<string, Float32Array>();
  for (const [name, { values, gradient }] of state.parameters) {
    if (gradient === null) continue;
    const region = state.regions.find(
      ({ values: all }) =>
        values.byteOffset >= all.byteOffset && values.byteOffset < all.byteOffset + all.byteLength,
    )!;
    const start = (values.byteOffset - region.values.byteOffset) / 4;
    const moment = region.moment1.slice(start, start + values.length);
    found.set(
      name,
      moment.map((value) => value / share),
    );
  }
  return found;
}
