/** Settings that determine what a run's losses measure: only runs with equal settings can be compared. */
import { batchSettings, objectiveSettings } from '../../protocol/catalogue/training.js';
import type { PretrainJob } from '../../protocol/pretraining.js';

const names = ['lossWeights', ...batchSettings, ...Object.keys(objectiveSettings)];

/** Includes defaults and the objective's loss weights; empty if the configuration cannot be parsed. */
export async function comparedSettings({
  config,
  objective,
}: Pick<PretrainJob, 'config' | 'objective'>): Promise<Readonly<Record<string, string>>> {
  // Loaded lazily to keep activation fast.
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

/** Equal for equal weights, whatever their order. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value);
}
