/**
 * Planned comparisons: each model against its base and against TF-IDF, in every setting that both were measured in, and
 * no others. By macro-F1 on the same resamples, p-values adjusted over all of them.
 */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { contrast, holm } from './confidence/intervals.js';
import type { Contrast } from './confidence/intervals.js';

/** A model in one setting. */
export interface ScoredModel {
  readonly model: string;
  readonly protocol: string;
  readonly shots: Shots;
  /** Mean over the seeds, on the whole test set. */
  readonly macroF1: number;
  /** In each resample (`bootstrap`), the same ones for all. */
  readonly resampled: Float64Array;
}

export interface ComparedModel {
  readonly model: string;
  /** The model from which it was trained, if that is evaluated too. */
  readonly base: string | null;
}

export interface Comparison extends Contrast {
  readonly a: string;
  readonly b: string;
  /** Why b: it is the base of a, or the baseline of words. */
  readonly against: 'base' | 'tfIdf';
  readonly protocol: string;
  readonly shots: Shots;
  /** `p` after Holm. */
  readonly pHolm: number;
}

/**
 * @param models those that are compared, without baselines
 * @param tfIdf name of the baseline; where it was not measured in a protocol, its result with the same shots in another
 * is taken, since it has no encoder that a protocol could change
 */
export function plannedComparisons(
  scored: readonly ScoredModel[],
  models: readonly ComparedModel[],
  tfIdf = 'tf-idf',
): Comparison[] {
  const planned = models.flatMap(({ model, base }) =>
    scored
      .filter((each) => each.model === model)
      .flatMap((a) => {
        const alike = scored.filter(({ shots }) => shots === a.shots);
        const inProtocol = alike.filter(({ protocol }) => protocol === a.protocol);
        const ofBase = inProtocol.find((each) => each.model === base);
        const ofWords = [...inProtocol, ...alike].find((each) => each.model === tfIdf);
        return [
          ...(ofBase === undefined ? [] : [{ a, b: ofBase, against: 'base' as const }]),
          ...(ofWords === undefined ? [] : [{ a, b: ofWords, against: 'tfIdf' as const }]),
        ];
      }),
  );
  const contrasts = planned.map(({ a, b }) =>
    contrast(a.macroF1 - b.macroF1, a.resampled, b.resampled),
  );
  const adjusted = holm(contrasts.map(({ p }) => p));
  return planned.map(({ a, b, against }, i) => ({
    a: a.model,
    b: b.model,
    against,
    protocol: a.protocol,
    shots: a.shots,
    ...contrasts[i]!,
    pHolm: adjusted[i]!,
  }));
}
