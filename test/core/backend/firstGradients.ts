import type { PreparedTraining } from '../../../src/core/backend/backend.js';
import { elementsOf, stateRegions } from '../../../src/core/backend/state.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { TrainingRun } from '../../../src/core/train/trainingRun.js';

/** Gradients of a run's first step, of what it trains, on any device. */
export function firstGradients({
  prepared,
  specs,
  isTrained,
  options,
}: TrainingRun): Promise<Map<string, Float32Array>> {
  return gradientsOfFirstStep(prepared, specs.filter(isTrained), options.training.adamBeta1);
}

/** After one step from zero the first moment is the gradient, scaled. */
export function gradientsOfFirstStep(
  prepared: PreparedTraining,
  trained: readonly ParameterSpec[],
  beta1: number,
): Promise<Map<string, Float32Array>> {
  const share = 1 - beta1;
  const regions = stateRegions(trained);
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
