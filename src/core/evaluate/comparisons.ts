/**
 * Planned comparisons: each model against its base (or, if that is not known or not evaluated, against the first model)
 * and against TF-IDF, in every setting that both were measured in, and no others. By macro-F1 on the same resamples,
 * p-values adjusted over all of them.
 */
import type { ComparisonReason, Shots } from '../../protocol/catalogue/evaluation.js';
import { contrast, holm } from '../base/intervals.js';
import type { Contrast } from '../base/intervals.js';

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
  /** What it is compared with beside words; `null`: nothing. */
  readonly reference: Reference | null;
}

export interface Reference {
  readonly model: string;
  /** Whether the model was trained from it, or it is just the first one named. */
  readonly is: Exclude<ComparisonReason, 'tfIdf'>;
}

/**
 * @param models in the order in which they were named
 * @param baseOf the model from which another was trained; `null` if that is not known
 */
export function comparedModels(
  models: readonly string[],
  baseOf: (model: string) => string | null,
): ComparedModel[] {
  const baseAmong = (model: string): string | null => {
    const base = baseOf(model);
    return base !== null && base !== model && models.includes(base) ? base : null;
  };
  const [first] = models;
  return models.map((model) => {
    const base = baseAmong(model);
    if (base !== null) return { model, reference: { model: base, is: 'base' } };
    // The first is compared with it already, if it is its base.
    const isFirst = first === undefined || model === first || baseAmong(first) === model;
    return { model, reference: isFirst ? null : { model: first, is: 'first' } };
  });
}

/** A comparison that was asked for beside the planned ones. */
export interface AskedComparison extends Contrast {
  readonly a: Side;
  readonly b: Side;
  readonly shots: Shots;
}

interface Side {
  readonly model: string;
  readonly protocol: string;
}

/** With every number of labels that both sides were measured with, on the same resamples; p-values as they are. */
export function askedComparisons(
  scored: readonly ScoredModel[],
  asked: readonly { readonly a: Side; readonly b: Side }[],
): AskedComparison[] {
  const of = ({ model, protocol }: Side): readonly ScoredModel[] =>
    scored.filter((each) => each.model === model && each.protocol === protocol);
  return asked.flatMap(({ a, b }) =>
    of(a).flatMap((first) => {
      const second = of(b).find(({ shots }) => shots === first.shots);
      if (second === undefined) return [];
      const found = contrast(first.macroF1 - second.macroF1, first.resampled, second.resampled);
      return [{ a, b, shots: first.shots, ...found }];
    }),
  );
}

export interface Comparison extends Contrast {
  readonly a: string;
  readonly b: string;
  /** Why b: it is the base of a, the first model, or the baseline of words. */
  readonly against: ComparisonReason;
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
  const planned = models.flatMap(({ model, reference }) =>
    scored
      .filter((each) => each.model === model)
      .flatMap((a) => {
        const alike = scored.filter(({ shots }) => shots === a.shots);
        const inProtocol = alike.filter(({ protocol }) => protocol === a.protocol);
        const referred = inProtocol.find((each) => each.model === reference?.model);
        const ofWords = [...inProtocol, ...alike].find((each) => each.model === tfIdf);
        return [
          ...(referred === undefined || reference === null
            ? []
            : [{ a, b: referred, against: reference.is }]),
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
