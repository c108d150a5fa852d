/** Settings that decide what a run's losses measure, so that curves are compared only where they say the same. */
import { batchSettings, objectiveSettings } from '../../protocol/catalogue/training.js';
import type { PretrainJob } from '../../protocol/run.js';

const names = ['lossWeights', ...batchSettings, ...Object.keys(objectiveSettings)];

/** With the defaults of what is not set, the weights with the objective's; empty for a configuration that is not understood. */
export async function comparedSettings({
  config,
  objective,
}: Pick<PretrainJob, 'config' | 'objective'>): Promise<Readonly<Record<string, string>>> {
  // Not loaded before it is needed: activation must stay short.
  const [{ parseTrainingConfig }, { lossWeightsOf }] = await Promise.all([
    import('../../core/train/config.js'),
    import('../../core/objectives/lossWeights.js'),
  ]);
  try {
    const parsed = parseTrainingConfig(config);
    const complete: Readonly<Record<string, unknown>> = {
      ...parsed,
      lossWeights: lossWeightsOf(objective, parsed),
    };
    return Object.fromEntries(names.map((name) => [name, textOf(complete[name])]));
  } catch {
    return {};
  }
}

/** The same for the same weights, in whichever order. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value);
}
