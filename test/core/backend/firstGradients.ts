import { elementsOf, stateRegions } from '../../../src/core/backend/state.js';
import type { TrainingRun } from '../../../src/core/train/trainingRun.js';

/**
 * Gradients of a run's first step, of what it trains, on any device: after one step from zero the
 * first moment is the gradient, scaled.
 */
export async function firstGradients({
  prepared,
  specs,
  isTrained,
  options,
}: TrainingRun): Promise<Map<string, Float32Array>> {
  const share = 1 - options.training.adamBeta1;
  const regions = stateRegions(specs.filter(isTrained));
  return prepared.readState((sections) => {
    const gradients = regions.flatMap(({ members }, region) => {
      // Of each region there are values, first moments and second moments.
      const moments = sections[3 * region + 1]!;
      return members.map(({ spec, offset }) => {
        const moment = moments.slice(offset, offset + elementsOf(spec));
        return [spec.name, moment.map((value) => value / share)] as const;
      });
    });
    return Promise.resolve(new Map(gradients));
  });
}
