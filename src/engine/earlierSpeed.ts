/** How fast earlier runs with the same model and objective were, for estimates of time. */
import type { PretrainJob } from '../protocol/pretraining.js';
import { listPretrainings } from './runs.js';

export interface EarlierSpeed {
  /** Name of the run. */
  readonly run: string;
  /** Share of the device's speed in large matrix products that its steps reached. */
  readonly share: number;
}

/**
 * Of the newest such run that was long enough to measure it; `null` if there is none.
 *
 * @param runs folder of runs
 */
export async function earlierSpeed(
  runs: string,
  { base, objective }: Pick<PretrainJob, 'base' | 'objective'>,
): Promise<EarlierSpeed | null> {
  for (const { name, spec, state } of await listPretrainings(runs)) {
    const share = state.result?.kind === 'pretrain' ? state.result.gemmShare : null;
    if (share === null || !(share > 0)) continue;
    if (spec.base === base && spec.objective === objective) return { run: name, share };
  }
  return null;
}
