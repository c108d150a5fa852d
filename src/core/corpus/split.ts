/**
 * Splits documents into training and held-out parts that share no patient or, if patients are
 * unknown, no near-duplicates. `threeParts.ts` divides what is held out further, for evaluation.
 */
import { createRandom } from '../base/random.js';
import type { Document } from './document.js';
import { ownParts } from './ownParts.js';
import { byId, unitsOf } from './units.js';

export interface SplitOptions {
  readonly seed: number;
  /** Share of the documents to hold out, in (0, 1). */
  readonly fractions: { readonly heldOut: number };
}

export interface Split {
  readonly train: Document[];
  readonly heldOut: Document[];
}

/**
 * Uses the corpus's own split if it has one, both its validation and its test part held out; otherwise splits by
 * group, and documents without a group by near-duplicate cluster. Where the corpus has a validation part but none to
 * test on, one is cut from its training part, or evaluation would have to test on what was trained on. Independent of
 * document order; both parts are sorted by id. `heldOut` is empty only if all documents belong together.
 */
export function splitDocuments(documents: readonly Document[], options: SplitOptions): Split {
  const sorted = byId(documents);
  const own = ownParts(sorted);
  if (own === null) return splitByUnit(sorted, options);
  const heldOut = [...own.validation, ...own.test];
  if (own.test.length > 0) return { train: [...own.train], heldOut: byId(heldOut) };
  const cut = splitByUnit(own.train, options);
  return { train: cut.train, heldOut: byId([...heldOut, ...cut.heldOut]) };
}

/** Whether the corpus itself says what is held out, so that nothing is cut for it. */
export function hasOwnSplit(documents: readonly Document[]): boolean {
  const own = ownParts(documents);
  return own !== null && own.test.length > 0;
}

/**
 * @param documents sorted by id
 */
function splitByUnit(documents: readonly Document[], { seed, fractions }: SplitOptions): Split {
  const units = unitsOf(documents);
  const chosen = heldOutUnits(units, seed, fractions.heldOut);
  const heldOut: Document[] = [];
  const train: Document[] = [];
  for (const [name, members] of units) (chosen.has(name) ? heldOut : train).push(...members);
  return train.length > 0
    ? { train: byId(train), heldOut: byId(heldOut) }
    : { train: byId(heldOut), heldOut: [] };
}

/** Names of the units that are held out for a seed, of all documents that are not in a part of the corpus's own. */
export function heldOutUnits(
  units: ReadonlyMap<string, readonly Document[]>,
  seed: number,
  fraction: number,
): Set<string> {
  const names = shuffledUnits(units, seed);
  const documents = [...units.values()].reduce((sum, members) => sum + members.length, 0);
  const target = Math.max(1, Math.round(fraction * documents));
  const chosen = new Set<string>();
  let count = 0;
  for (const name of names) {
    const size = units.get(name)?.length ?? 0;
    // Skip a unit that would overshoot by far.
    if (count + size <= target * 1.1 + 1) {
      chosen.add(name);
      count += size;
    }
    if (count >= target) break;
  }
  if (chosen.size === 0 && names.length > 1) chosen.add(smallest(units, names));
  return chosen;
}

/** Names of the units in the order in which they are held out. */
export function shuffledUnits(
  units: ReadonlyMap<string, readonly Document[]>,
  seed: number,
): string[] {
  return createRandom(seed, 'split').shuffle([...units.keys()]);
}

function smallest(
  units: ReadonlyMap<string, readonly Document[]>,
  names: readonly string[],
): string {
  const size = (name: string): number => units.get(name)?.length ?? 0;
  return names.reduce((best, name) => (size(name) < size(best) ? name : best));
}
