/**
 * Splits documents into training, validation and test parts for evaluation. Parts that the corpus defines are kept; a
 * missing one is cut from train, by group or near-duplicate cluster, and so that each class has its share in it as far
 * as groups allow.
 */
import { usageError } from '../base/errors.js';
import type { Document } from './document.js';
import { nearDuplicateClusters } from './nearDuplicates.js';
import { ownParts } from './ownParts.js';
import type { Part, Parts } from './ownParts.js';
import { heldOutUnits, shuffledUnits } from './split.js';
import { byId, unitsOf } from './units.js';

export interface ThreePartOptions {
  readonly seed: number;
  /** Shares of the documents to cut from, in (0, 1), for parts that the corpus does not define. */
  readonly fractions: { readonly validation: number; readonly test: number };
  /**
   * Share that pre-training holds out. With the same seed those documents come first into test, then into validation, so
   * that as many of them as can be were never trained on.
   */
  readonly pretrainingHeldOut: number;
  /** Classes of a document, for stratification; a document without any is left in train where that can be. */
  readonly classesOf: (document: Document) => readonly (string | number)[];
}

export interface ThreeParts extends Parts {
  /** Parts that were cut from train, since the corpus does not define them. */
  readonly cut: readonly Part[];
}

export const usualFractions: ThreePartOptions['fractions'] = { validation: 0.1, test: 0.2 };

/**
 * Independent of document order; every part is sorted by id.
 *
 * @throws UserError if a part would be empty
 */
export function splitInThree(
  documents: readonly Document[],
  options: ThreePartOptions,
): ThreeParts {
  const sorted = byId(documents);
  const own = ownParts(sorted) ?? { train: sorted, validation: [], test: [] };
  const cut = (['test', 'validation'] as const).filter((part) => own[part].length === 0);
  const parts: Record<Part, readonly Document[]> = { ...own };
  if (cut.length > 0) {
    const members = unitsOf(own.train);
    let units = cuttingOrder(members, options, own.test.length === 0).map((name) =>
      unitOf(name, members.get(name) ?? [], options.classesOf),
    );
    // Shares are of what there was before the first cut.
    let left = 1;
    for (const part of cut) {
      const chosen = chooseUnits(units, options.fractions[part] / left);
      parts[part] = byId([...chosen].flatMap((name) => members.get(name) ?? []));
      units = units.filter(({ name }) => !chosen.has(name));
      left -= options.fractions[part];
    }
    parts.train = byId(units.flatMap(({ name }) => members.get(name) ?? []));
  }
  if (Object.values(parts).some((part) => part.length === 0)) {
    throw usageError(
      'The notes cannot be divided into training, validation and test notes, since there are too few or too many belong together: add notes of other patients.',
    );
  }
  return { ...parts, cut };
}

/** Number of test documents that have a near-duplicate in train or validation: a corpus's own split may have some. */
export function copiesAcross({ train, validation, test }: Parts): number {
  const learned = [...train, ...validation];
  const clusters = nearDuplicateClusters([...learned, ...test].map(({ text }) => text));
  const known = new Set(clusters.subarray(0, learned.length));
  return clusters.subarray(learned.length).filter((cluster) => known.has(cluster)).length;
}

type Units = ReadonlyMap<string, readonly Document[]>;

/** Units that pre-training with this seed held out come first. */
function cuttingOrder(
  units: Units,
  { seed, pretrainingHeldOut }: ThreePartOptions,
  testIsCut: boolean,
): string[] {
  const order = shuffledUnits(units, seed);
  // Where the corpus has a test part, pre-training held out nothing else.
  if (!testIsCut) return order;
  const first = heldOutUnits(units, seed, pretrainingHeldOut);
  return [...order.filter((name) => first.has(name)), ...order.filter((name) => !first.has(name))];
}

type Class = string | number;

interface Unit {
  readonly name: string;
  /** Its documents with a class. */
  readonly labelled: number;
  readonly counts: ReadonlyMap<Class, number>;
}

/**
 * Goes through the units once and takes each that brings the numbers of the classes nearer to their share, unless it is
 * the last with a class, which would leave nothing to learn that class from.
 *
 * @param fraction of the documents with a class
 * @returns names of units
 */
function chooseUnits(units: readonly Unit[], fraction: number): Set<string> {
  const totals = new Map<Class, { documents: number; unitsLeft: number }>();
  for (const [each, count] of units.flatMap(({ counts }) => [...counts])) {
    const { documents, unitsLeft } = totals.get(each) ?? { documents: 0, unitsLeft: 0 };
    totals.set(each, { documents: documents + count, unitsLeft: unitsLeft + 1 });
  }
  const all = units.reduce((sum, { labelled }) => sum + labelled, 0);
  const most = Math.max(1, fraction * all) * 1.1 + 1;
  const taken = new Map<Class, number>();
  const chosen = new Set<string>();
  let size = 0;
  for (const { name, labelled, counts } of units) {
    if (size + labelled > most) continue;
    let change = 0;
    for (const [each, count] of counts) {
      const { documents, unitsLeft } = totals.get(each)!;
      const target = Math.max(1, fraction * documents);
      const missing = target - (taken.get(each) ?? 0);
      change += unitsLeft < 2 ? Infinity : ((missing - count) ** 2 - missing ** 2) / target;
    }
    if (change >= 0) continue;
    chosen.add(name);
    size += labelled;
    for (const [each, count] of counts) {
      taken.set(each, (taken.get(each) ?? 0) + count);
      totals.get(each)!.unitsLeft--;
    }
  }
  if (chosen.size === 0) {
    const withClass = units.filter(({ labelled }) => labelled > 0);
    const [smallest] = (withClass.length > 0 ? withClass : units).toSorted(
      (a, b) => a.labelled - b.labelled,
    );
    if (smallest !== undefined && units.length > 1) chosen.add(smallest.name);
  }
  return chosen;
}

function unitOf(
  name: string,
  members: readonly Document[],
  classesOf: ThreePartOptions['classesOf'],
): Unit {
  const classes = members.map(classesOf);
  const counts = new Map<Class, number>();
  for (const each of classes.flat()) counts.set(each, (counts.get(each) ?? 0) + 1);
  return { name, labelled: classes.filter(({ length }) => length > 0).length, counts };
}
