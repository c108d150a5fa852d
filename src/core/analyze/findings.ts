/** What an analysis comes to, in sentences that are computed from the figures and their intervals. */
import { analysisFigures, analysisFigureText } from '../../protocol/catalogue/analysis.js';
import type { AnalysisFigureName } from '../../protocol/catalogue/analysis.js';
import { count, plural } from '../base/wording.js';
import type { SpaceAnalysis } from './analyse.js';
import { apart } from './compare.js';
import type { ModelComparison, SeparationChange } from './compare.js';
import { intervalOf } from './space/bootstrap.js';
import type { Interval } from './space/bootstrap.js';

const significance = 0.05;
/** A sentence names at most so many pairs of categories. */
const mostPairs = 3;
/** Hubness above this is marked (Radovanovic and others 2010). */
const markedHubness = 1.4;

export function modelFindings(name: string, analysis: SpaceAnalysis): string[] {
  return [
    ...gapFinding(name, analysis),
    ...graphFinding(name, analysis),
    ...clusterFinding(name, analysis),
    ...densityFinding(name, analysis),
    ...hubFinding(name, analysis),
  ];
}

/** @param names of the categories */
export function comparisonFindings(
  a: string,
  b: string,
  { differences, separations, overlap }: ModelComparison,
  names: readonly string[],
): string[] {
  const certain = (change: SeparationChange): boolean => change.pHolm < significance;
  const pulled = separations
    .filter((change) => certain(change) && change.difference.mean > 0)
    .sort((x, y) => y.difference.mean - x.difference.mean);
  const drawn = separations
    .filter((change) => certain(change) && change.difference.mean < 0)
    .sort((x, y) => x.difference.mean - y.difference.mean);
  const already = separations
    .filter((change) => change.before >= apart && !certain(change))
    .sort((x, y) => y.before - x.before);
  const list = (pairs: readonly SeparationChange[]): string =>
    listed(
      pairs.slice(0, mostPairs).map((pair) => {
        const [first, second] = [names[pair.first] ?? '', names[pair.second] ?? ''];
        return `${first} and ${second} (${decimals(pair.before)} → ${decimals(pair.after)})`;
      }),
    );
  return [
    ...(['homophily', 'silhouetteCosine', 'adjustedRandIndex'] as const).flatMap((name) =>
      differenceFinding(a, b, name, differences),
    ),
    ...(pulled.length === 0
      ? []
      : [`Compared with ${b}, ${a} sets apart${others(pulled)}: ${list(pulled)}.`]),
    ...(drawn.length === 0
      ? []
      : [`Compared with ${b}, ${a} brings together${others(drawn)}: ${list(drawn)}.`]),
    ...(already.length === 0
      ? []
      : [`Apart in ${b} already, and no further in ${a}: ${list(already)}.`]),
    ...(separations.length > 0 && pulled.length === 0 && drawn.length === 0
      ? [`No two categories are surely further apart or closer in ${a} than in ${b}.`]
      : []),
    ...(overlap.value === null
      ? []
      : [
          `Of a note's nearest neighbours, ${percent(overlap.value)}${range(overlap, percent)} are the same in ${a} and in ${b}.`,
        ]),
  ];
}

/** Of the passages that recur, and the notes whose neighbours are of another category. */
export function corpusFindings({
  passages,
  share,
}: {
  readonly passages: readonly { readonly groups: number | null }[];
  readonly share: number;
}): string[] {
  if (passages.length === 0) return [];
  const forward = passages.filter(({ groups }) => groups === 1).length;
  const copied =
    forward === 0
      ? ''
      : `; ${plural(forward, 'of them recurs', 'of them recur')} only within one patient's notes`;
  return [
    `${plural(passages.length, 'passage recurs', 'passages recur')} word for word in several notes, ${percent(share)} of all words${copied}.`,
  ];
}

export function mislabelFinding(name: string, notes: number): string[] {
  if (notes === 0) return [];
  return [
    `In ${name}, ${plural(notes, 'note lies', 'notes lie')} among notes of another category: ${notes === 1 ? 'its category is' : 'their categories are'} worth a look.`,
  ];
}

function gapFinding(name: string, { figures }: SpaceAnalysis): string[] {
  const [within, between, gap] = (['within', 'between', 'gap'] as const).map((key) =>
    figures[key] === undefined ? null : intervalOf(figures[key]),
  );
  if (!within || !between || !gap || gap.value === null || within.value === null) return [];
  const how = `a mean cosine of ${decimals(within.value)} against ${decimals(between.value ?? 0)}`;
  const sure = gap.low !== null && gap.low > 0;
  return [
    sure
      ? `In ${name}, notes of one category are more alike than others: ${how}, a gap of ${decimals(gap.value)}${range(gap, decimals)}.`
      : `In ${name}, notes of one category are not surely more alike than others: ${how}${range(gap, decimals, ', gap')}.`,
  ];
}

function graphFinding(name: string, { figures }: SpaceAnalysis): string[] {
  const homophily = figures['homophily'];
  const assortativity = figures['assortativity'];
  if (homophily === undefined || assortativity === undefined) return [];
  const [found, beyond] = [intervalOf(homophily), intervalOf(assortativity)];
  if (found.value === null || beyond.value === null) return [];
  const chance = beyond.value === 1 ? 1 : (found.value - beyond.value) / (1 - beyond.value);
  return [
    `In ${name}, ${percent(found.value)}${range(found, percent)} of near notes share their category; by chance it would be ${percent(chance)}.`,
  ];
}

function clusterFinding(name: string, { figures, kMeans }: SpaceAnalysis): string[] {
  const index = figures['adjustedRandIndex'];
  if (index === undefined) return [];
  const found = intervalOf(index);
  if (found.value === null || kMeans.members.length < 2) return [];
  const word = found.value >= 0.65 ? 'well' : found.value >= 0.3 ? 'in part' : 'hardly';
  return [
    `The ${kMeans.members.length} clusters that k-means finds in ${name} agree ${word} with the categories: adjusted Rand index ${decimals(found.value)}${range(found, decimals)}.`,
  ];
}

function densityFinding(name: string, { density, figures }: SpaceAnalysis): string[] {
  const noise = figures['noise']?.value ?? NaN;
  const clusters = density.members.length;
  if (!Number.isFinite(noise) || density.labels.length < 2) return [];
  return [
    clusters === 0
      ? `${name} has no dense clusters: notes lie about evenly.`
      : `${name} has ${plural(clusters, 'dense cluster')}; ${percent(noise)} of the notes lie in none.`,
  ];
}

function hubFinding(name: string, { figures, occurrences, lists }: SpaceAnalysis): string[] {
  const skew = figures['hubness']?.value ?? NaN;
  if (!(skew > markedHubness)) return [];
  const most = occurrences.reduce((a, b) => Math.max(a, b), 0);
  return [
    `In ${name} a few notes turn up near everything: one is among the ${lists.k} nearest of ${count(most)} others.`,
  ];
}

function differenceFinding(
  a: string,
  b: string,
  name: AnalysisFigureName,
  differences: ModelComparison['differences'],
): string[] {
  const found = differences.find((each) => each.name === name);
  if (found === undefined) return [];
  const { mean, low, high } = found.difference;
  const text = (value: number): string => analysisFigureText(name, value);
  const { label } = analysisFigures[name];
  if (found.pHolm >= significance) {
    return [
      `${label} does not differ surely between ${a} and ${b} (${text(low)} to ${text(high)}).`,
    ];
  }
  const direction = mean > 0 ? 'higher' : 'lower';
  return [
    `${label} is ${direction} in ${a} than in ${b} by ${text(Math.abs(mean))} (95 % interval ${text(low)} to ${text(high)}).`,
  ];
}

function others(pairs: readonly SeparationChange[]): string {
  return pairs.length > mostPairs ? ` ${pairs.length} pairs of categories, most of all` : '';
}

function range({ low, high }: Interval, text: (value: number) => string, before = ''): string {
  return low === null || high === null ? '' : `${before} (${text(low)} to ${text(high)})`;
}

function listed(parts: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(parts);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function decimals(value: number): string {
  return value.toFixed(3).replace('-', '−');
}
