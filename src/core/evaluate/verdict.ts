/** What comparisons come to, in plain sentences. */
import type { Comparison } from './comparisons.js';
import { findingOf, listed, mostShots, otherName, points, range, sizeOf } from './findings.js';
import type { Finding, VerdictNames } from './findings.js';

/**
 * For each model: whether it beats its base (or the first model) with the most labels, in each protocol; whether TF-IDF
 * beats the models; and the same with fewer labels, without figures for each.
 */
export function verdictSentences(
  comparisons: readonly Comparison[],
  names: VerdictNames,
): string[] {
  const most = mostShots(comparisons);
  const withMost = comparisons.filter(({ shots }) => shots === most);
  const ofModel = byModel(withMost.filter(({ against }) => against !== 'tfIdf'));
  const ofWords = byProtocol(withMost.filter(({ against }) => against === 'tfIdf'));
  const prefix = most === 'all' || most === null ? '' : `With ${most} labels per class, `;
  return [
    ...[...ofModel.values()].map((found) => prefix + againstModel(found, names)),
    ...[...ofWords].map(([protocol, found]) => {
      const sentence = prefix + wordsAgainst(protocol, found, names);
      return sentence.replace(/^w/, 'W');
    }),
    ...fewerLabels(
      comparisons.filter(({ shots }) => shots !== most),
      names,
    ),
  ];
}

/** "X beats its base by 4.1 points of macro-F1 when frozen (2.6 to 5.7); no clear difference when fine-tuned (…)." */
function againstModel(comparisons: readonly Comparison[], names: VerdictNames): string {
  const clauses = comparisons.map((comparison, i) => {
    const when = `when ${names.whenIn(comparison.protocol)} (${range(comparison)})`;
    const by = `by ${points(comparison)} of macro-F1 ${when}`;
    const finding = findingOf(comparison);
    if (i === 0) {
      const name = names.nameOf(comparison.a);
      const other = otherName(comparison, names);
      if (finding === 'better') return `${name} beats ${other} ${by}`;
      if (finding === 'worse') return `${name} is worse than ${other} ${by}`;
      return `${name} is not clearly better or worse than ${other} ${when}`;
    }
    if (finding === 'none') return `no clear difference ${when}`;
    return `${finding} ${by}`;
  });
  return `${clauses.join('; ')}.`;
}

/** "TF-IDF beats both when frozen: X by 3.0 points (1.2 to 4.8), Y by 5.1 points (3.0 to 7.0)." */
function wordsAgainst(
  protocol: string,
  comparisons: readonly Comparison[],
  { nameOf, whenIn }: VerdictNames,
): string {
  const when = `when ${whenIn(protocol)}`;
  const those = (finding: Finding): readonly Comparison[] =>
    comparisons.filter((comparison) => findingOf(comparison) === finding);
  const figures = (of: readonly Comparison[]): string =>
    of.map((each) => `${nameOf(each.a)} by ${points(each)} (${range(each)})`).join(', ');
  const [beaten, beating, neither] = [those('worse'), those('better'), those('none')];
  const clauses: string[] = [];
  if (beaten.length > 1 && beaten.length === comparisons.length) {
    const all = beaten.length === 2 ? 'both' : `all ${beaten.length}`;
    return `TF-IDF beats ${all} ${when}: ${figures(beaten)}.`;
  }
  if (beaten.length > 0) clauses.push(`TF-IDF beats ${figures(beaten)}`);
  if (beating.length > 0) clauses.push(`TF-IDF is beaten by ${figures(beating)}`);
  if (neither.length > 0) {
    const names = neither.map((each) => `${nameOf(each.a)} (${range(each)})`).join(', ');
    clauses.push(`no clear difference between TF-IDF and ${names}`);
  }
  return `${when}, ${clauses.join('; ')}.`;
}

/** "With fewer labels, X beats its base when frozen with 8 and 16 labels per class; no clear difference with 32." */
function fewerLabels(comparisons: readonly Comparison[], names: VerdictNames): string[] {
  const keyOf = ({ a, against, protocol }: Comparison): string =>
    JSON.stringify([a, against, protocol]);
  return [...groupedBy(comparisons, keyOf).values()].flatMap((found) => {
    const [first] = found;
    if (first === undefined) return [];
    const other = otherName(first, names);
    const sorted = found.toSorted((a, b) => sizeOf(a.shots) - sizeOf(b.shots));
    const shotsWith = (finding: Finding): string | null => {
      const shots = sorted.filter((each) => findingOf(each) === finding).map((each) => each.shots);
      return shots.length === 0 ? null : listed(shots.map(String));
    };
    const said: readonly (readonly [Finding, string])[] = [
      ['better', `beats ${other}`],
      ['worse', `is worse than ${other}`],
      ['none', `is not clearly better or worse than ${other}`],
    ];
    const clauses = said.flatMap(([finding, words]) => {
      const shots = shotsWith(finding);
      return shots === null ? [] : `${words} with ${shots} labels per class`;
    });
    return `With fewer labels, ${names.nameOf(first.a)} when ${names.whenIn(first.protocol)} ${clauses.join('; ')}.`;
  });
}

function byModel(comparisons: readonly Comparison[]): Map<string, Comparison[]> {
  return groupedBy(comparisons, ({ a }) => a);
}

function byProtocol(comparisons: readonly Comparison[]): Map<string, Comparison[]> {
  return groupedBy(comparisons, ({ protocol }) => protocol);
}

function groupedBy(
  comparisons: readonly Comparison[],
  keyOf: (comparison: Comparison) => string,
): Map<string, Comparison[]> {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const key = keyOf(comparison);
    groups.set(key, [...(groups.get(key) ?? []), comparison]);
  }
  return groups;
}
