/** What is left of the findings once the words that name the classes are removed, in plain sentences. */
import { count } from '../../base/wording.js';
import type { Comparison } from '../comparisons.js';
import { findingOf, mostShots, otherName, points, range } from '../findings.js';
import type { VerdictNames } from '../findings.js';

/** Macro-F1 of a model on whole texts and without the words. */
export interface WithAndWithout {
  readonly model: string;
  readonly protocol: string;
  readonly whole: number;
  readonly without: number;
}

/**
 * With the most labels: each difference that was found on whole texts and is no longer, or is turned
 * round, and then those that hold.
 *
 * @param whole comparisons on whole texts
 * @param without the same without the words
 */
export function leadSentences(
  whole: readonly Comparison[],
  without: readonly Comparison[],
  names: VerdictNames,
): string[] {
  const most = mostShots(whole);
  const found = whole
    .filter((each) => each.shots === most && findingOf(each) !== 'none')
    .flatMap((each) => {
      const again = without.find((other) => isSame(each, other));
      return again === undefined ? [] : [{ before: each, after: again }];
    });
  const held = found.filter(({ before, after }) => findingOf(before) === findingOf(after));
  const lost = found.filter(({ before, after }) => findingOf(before) !== findingOf(after));
  const vanished = lost.map(({ before, after }) => {
    const [ahead, behind] = sidesOf(before, names);
    const turned = findingOf(after) === 'none' ? '' : ` but falls behind by ${points(after)}`;
    return `Without the words that name the classes, ${ahead} no longer clearly beats ${behind} when ${names.whenIn(before.protocol)}${turned} (${range(after)}): its lead of ${points(before)} came from them.`;
  });
  if (held.length === 0) return vanished;
  const kept = held.map(({ before, after }) => {
    const [ahead, behind] = sidesOf(before, names);
    return `${ahead} still beats ${behind} by ${points(after)} when ${names.whenIn(before.protocol)} (${range(after)})`;
  });
  return [...vanished, `Without the words that name the classes, ${kept.join('; ')}.`];
}

/** How far macro-F1 falls with the most labels, the most first; `null` if nothing was measured. */
export function fallSentence(
  measured: readonly WithAndWithout[],
  { words, changed, notes }: Readonly<Record<'words' | 'changed' | 'notes', number>>,
  { nameOf, whenIn }: VerdictNames,
): string | null {
  if (measured.length === 0) return null;
  const falls = measured
    .toSorted((a, b) => b.whole - b.without - (a.whole - a.without))
    .map(({ model, protocol, whole, without }) => {
      const change = 100 * (without - whole);
      const sign = change < 0 && change.toFixed(1) !== '-0.0' ? '−' : '+';
      return `${nameOf(model)} when ${whenIn(protocol)} ${sign}${Math.abs(change).toFixed(1)}`;
    });
  const list = words === 1 ? 'The word that names' : `The ${count(words)} words that name`;
  return `${list} the classes occurred in ${count(changed)} of ${count(notes)} notes; without them macro-F1 changes in points: ${falls.join(', ')}.`;
}

function isSame(a: Comparison, b: Comparison): boolean {
  return a.a === b.a && a.b === b.b && a.protocol === b.protocol && a.shots === b.shots;
}

/** The better one first. */
function sidesOf(comparison: Comparison, names: VerdictNames): readonly [string, string] {
  const name = names.nameOf(comparison.a);
  const other = otherName(comparison, names);
  if (findingOf(comparison) === 'better') return [name, other];
  return comparison.against === 'base' ? [`the base of ${name}`, name] : [other, name];
}
