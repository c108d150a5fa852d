/** Compares two models on the same notes: differences of figures, pairs of categories, and who has moved. */
import { analysisFigureNames } from '../../protocol/catalogue/analysis.js';
import type { AnalysisFigureName } from '../../protocol/catalogue/analysis.js';
import { erfc } from '../base/erfc.js';
import { contrast, holm } from '../base/intervals.js';
import type { Contrast } from '../base/intervals.js';
import type { Resamples } from '../base/resamples.js';
import type { SpaceAnalysis } from './analyse.js';
import { meanMeasure, separationName } from './clusters/separation.js';
import { neighbourOverlap } from './graph/neighbourhoods.js';
import { estimate, intervalOf } from './space/bootstrap.js';
import type { Estimated, Interval } from './space/bootstrap.js';

/** `a` minus `b`. */
export interface FigureDifference extends Contrast {
  readonly name: AnalysisFigureName;
  /** Adjusted for the number of figures, by Holm. */
  readonly pHolm: number;
}

export interface SeparationChange {
  /** Categories, by their index. */
  readonly first: number;
  readonly second: number;
  readonly before: number;
  readonly after: number;
  readonly difference: Contrast['difference'];
  /** Adjusted for the number of pairs, by Holm. */
  readonly pHolm: number;
}

/** A note whose neighbours are others, and what they are. */
export interface MovedNote {
  readonly note: number;
  readonly overlap: number;
  /** Most frequent category among its neighbours; -1 for none. */
  readonly from: number;
  readonly to: number;
}

export interface ModelComparison {
  readonly differences: readonly FigureDifference[];
  readonly separations: readonly SeparationChange[];
  /** Mean share of neighbours that notes have in both. */
  readonly overlap: Interval;
  /** Those of least overlap first. */
  readonly moved: readonly MovedNote[];
}

/** Below this, a pair of categories is not called apart; above it, it is. */
export const apart = 0.25;
const mostMoved = 100;

/**
 * @param a the model, with the same resamples as `b`
 * @param b what it is compared with, its base for one
 * @param shown categories whose pairs are compared
 */
export async function compareModels(
  a: SpaceAnalysis,
  b: SpaceAnalysis,
  shown: readonly number[],
  resamples: Resamples,
): Promise<ModelComparison> {
  const named = analysisFigureNames.flatMap((name) => {
    const found = contrastOf(a.figures[name], b.figures[name]);
    return found === null ? [] : [{ name, ...found }];
  });
  const adjusted = holm(named.map(({ p }) => p));
  const overlaps = neighbourOverlap(a.lists, b.lists);
  const { count } = a.lists;
  const overlap = await estimate([meanMeasure('overlap', overlaps)], count, resamples);
  return {
    differences: named.map((each, i) => ({ ...each, pHolm: adjusted[i]! })),
    separations: separationsOf(a, b, shown),
    overlap: intervalOf(overlap.get('overlap')!),
    moved: [...overlaps.keys()]
      .filter((note) => overlaps[note]! < 1)
      .sort((x, y) => overlaps[x]! - overlaps[y]! || x - y)
      .slice(0, mostMoved)
      .map((note) => ({
        note,
        overlap: overlaps[note]!,
        from: b.votes.majority[note]!,
        to: a.votes.majority[note]!,
      })),
  };
}

function separationsOf(
  a: SpaceAnalysis,
  b: SpaceAnalysis,
  shown: readonly number[],
): SeparationChange[] {
  const found = shown.flatMap((first, i) =>
    shown.slice(i + 1).flatMap((second) => {
      const name = separationName(first, second);
      const [after, before] = [a.figures[name], b.figures[name]];
      const change = contrastOf(after, before);
      if (change === null || after === undefined || before === undefined) return [];
      return [{ first, second, before: before.value, after: after.value, change }];
    }),
  );
  const adjusted = holm(found.map(({ change }) => change.p));
  return found.map(({ change, ...pair }, i) => ({
    ...pair,
    difference: change.difference,
    pHolm: adjusted[i]!,
  }));
}

/**
 * The interval is of percentiles. The p-value is of the normal distribution with the resamples' deviation: counting
 * resamples could never give one small enough to stand among hundreds of pairs.
 *
 * @returns `null` where the figure is not defined for one of them, or in no resample for both
 */
function contrastOf(a: Estimated | undefined, b: Estimated | undefined): Contrast | null {
  if (a === undefined || b === undefined) return null;
  if (!Number.isFinite(a.value) || !Number.isFinite(b.value)) return null;
  const both = [...a.resampled.keys()].filter(
    (i) => Number.isFinite(a.resampled[i]!) && Number.isFinite(b.resampled[i]!),
  );
  if (both.length === 0) return null;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(both, (i) => values[i]!);
  const [ofA, ofB] = [pick(a.resampled), pick(b.resampled)];
  const { difference } = contrast(a.value - b.value, ofA, ofB);
  return { difference, p: normalP(difference.mean, ofA, ofB) };
}

function normalP(observed: number, a: Float64Array, b: Float64Array): number {
  const differences = a.map((value, i) => value - b[i]!);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, differences.length - 1));
  // Without any variation, only rounding.
  if (deviation < 1e-12) return Math.abs(observed) < 1e-9 ? 1 : 0;
  return erfc(Math.abs(observed) / (deviation * Math.SQRT2));
}
