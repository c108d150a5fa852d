/** What speaks for or against a claim, in sentences. */
import type { StudyFinding } from '../../protocol/catalogue/study.js';
import { plural } from '../base/wording.js';
import type { Compared } from './comparisons.js';
import type { StudyOutcome } from './outcome.js';

export type Weighed = Compared & {
  readonly pHolm: number;
  readonly verdict: 'better' | 'worse' | 'none';
};

export function unmeasured(claim: string, why: string): StudyFinding {
  return { claim, holds: null, evidence: [`Not measured: ${why}.`] };
}

/**
 * How many comparisons went which way, and each with its interval, a sentence for every setting.
 *
 * @param what "against its base"
 */
export function evidenceOf(
  found: readonly Weighed[],
  what: string,
  outcome: StudyOutcome,
  start = 'Differences',
): string[] {
  if (found.length === 0) return [];
  const nameOf = (model: string): string =>
    outcome.models.find((each) => each.model === model)?.name ?? model;
  const count = (verdict: Weighed['verdict']): number =>
    found.filter((each) => each.verdict === verdict).length;
  const bases = new Set(
    outcome.models.flatMap(({ model, recipe }) => (recipe === null ? [model] : [])),
  );
  const settings = [...new Set(found.map(({ setting }) => setting))];
  return [
    `${start} ${what}: ${count('better')} of ${plural(found.length, 'comparison')} better, ${count('worse')} worse, ${count('none')} not told apart (p < 0.05 after Holm).`,
    ...settings.map((setting) => {
      const shown = found
        .filter((each) => each.setting === setting)
        .map((each) => {
          const isPair = each.a !== each.b && !bases.has(each.b);
          const names = isPair ? `${nameOf(each.a)} − ${nameOf(each.b)}` : nameOf(each.a);
          return `${names} ${amount(each)}`;
        });
      return `${setting}: ${shown.join('; ')}.`;
    }),
  ];
}

/** "+4.1 (2.6 to 5.7)", in points where it is a share; a star where it was found. */
function amount({ difference, isShare, verdict }: Weighed): string {
  const text = (value: number): string =>
    (isShare ? (100 * value).toFixed(1) : value.toFixed(3)).replace('-', '−');
  const { mean, low, high } = difference;
  const sign = mean > 0 ? '+' : '';
  const star = verdict === 'none' ? '' : ' *';
  return `${sign}${text(mean)} (${text(low)} to ${text(high)})${star}`;
}
