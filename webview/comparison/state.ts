/** The runs to compare, and which of their curves are drawn. */
import type { ComparedRun, ComparisonHostMessage } from '../../src/protocol/panels.js';
import { appendLines, emptyCurve, emptyCurves } from '../shared/curves.js';
import type { Curves } from '../shared/curves.js';
import { sortedLosses } from '../shared/losses.js';
import type { Curve } from '../../src/core/report/drawing/series.js';
import { settingsBehind } from './settings.js';

/** The weighted sum, or one of the losses by name. */
export type Measure = string;
export const total: Measure = 'total';

export interface ComparisonState {
  readonly runs: readonly ComparedRun[];
  readonly curves: ReadonlyMap<string, Curves>;
  readonly hidden: ReadonlySet<string>;
  /** `null` until the user chooses. */
  readonly measure: Measure | null;
  readonly parts: { readonly training: boolean; readonly heldOut: boolean };
  /** Step under the pointer. */
  readonly pointer: number | null;
  readonly width: number;
}

export const emptyState: ComparisonState = {
  runs: [],
  curves: new Map(),
  hidden: new Set(),
  measure: null,
  parts: { training: true, heldOut: true },
  pointer: null,
  width: 0,
};

export function receive(state: ComparisonState, message: ComparisonHostMessage): ComparisonState {
  if (message.type === 'runs') {
    const ids = new Set(message.runs.map(({ id }) => id));
    const isSame = state.runs.length === ids.size && state.runs.every(({ id }) => ids.has(id));
    return isSame
      ? { ...state, runs: message.runs }
      : { ...state, runs: message.runs, hidden: new Set(), measure: null };
  }
  const before = message.reset ? emptyCurves() : (state.curves.get(message.run) ?? emptyCurves());
  const after = appendLines(before, message.lines);
  return { ...state, curves: new Map([...state.curves, [message.run, after]]) };
}

/** The total and each loss that any run has; only the total if there is just one loss. */
export function measuresOf(state: ComparisonState): readonly Measure[] {
  const names = state.runs.flatMap(({ id }) => Object.keys(state.curves.get(id)?.losses ?? {}));
  const losses = sortedLosses(names);
  return losses.length > 1 ? [total, ...losses] : [total];
}

/** By default the total if it is comparable across the runs, or else a loss that all runs share. */
export function measureOf(state: ComparisonState): Measure {
  if (state.measure !== null) return state.measure;
  if (hasOneObjective(state) && differencesOf(state, total).length === 0) return total;
  const common = measuresOf(state)
    .slice(1)
    .filter((loss) =>
      state.runs.every(({ id }) => state.curves.get(id)?.losses[loss] !== undefined),
    );
  const alike = common.find((loss) => differencesOf(state, loss).length === 0);
  return alike ?? common[0] ?? total;
}

export function hasOneObjective({ runs }: ComparisonState): boolean {
  return new Set(runs.map(({ objective }) => objective)).size < 2;
}

/** Settings that make the measure differ between runs. */
export function differencesOf({ runs }: ComparisonState, measure: Measure): readonly string[] {
  const known = runs.filter(({ settings }) => Object.keys(settings).length > 0);
  const names = new Set(
    known.flatMap((run) => settingsBehind(run, measure === total ? null : measure)),
  );
  return [...names].filter((name) => {
    const readers = known.filter((run) =>
      settingsBehind(run, measure === total ? null : measure).includes(name),
    );
    return new Set(readers.map(({ settings }) => settings[name])).size > 1;
  });
}

export function curvesOf(
  curves: Curves | undefined,
  measure: Measure,
): { training: Curve; heldOut: Curve } {
  const none = emptyCurve();
  if (curves === undefined) return { training: none, heldOut: none };
  if (measure === total) return { training: curves.loss, heldOut: curves.heldOut };
  const alone = Object.keys(curves.losses).length === 1;
  const heldOut = curves.heldOutLosses[measure];
  return {
    training: curves.losses[measure] ?? none,
    // A run with a single loss may report it only as the total.
    heldOut: heldOut ?? (alone && curves.losses[measure] !== undefined ? curves.heldOut : none),
  };
}

/** Warnings about comparing these curves, as sentences. */
export function warningsOf(state: ComparisonState): readonly string[] {
  const warnings: string[] = [];
  if (!hasOneObjective(state) && measureOf(state) === total) {
    warnings.push('Totals of different objectives add up different losses: compare one loss.');
  } else {
    const differences = differencesOf(state, measureOf(state));
    if (differences.length > 0) {
      const list = new Intl.ListFormat('en-GB').format(differences);
      warnings.push(`These runs measure this loss each in its own way: they differ in ${list}.`);
    }
  }
  if (new Set(state.runs.map(({ corpus }) => corpus)).size > 1) {
    warnings.push('These runs saw different corpora, so their held-out notes differ too.');
  }
  return warnings;
}
