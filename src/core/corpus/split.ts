/**
 * Splits documents into training and held-out parts that share no patient or, if patients are
 * unknown, no near-duplicates.
 */
import { createRandom } from '../base/random.js';
import type { Document } from './document.js';
import { nearDuplicateClusters } from './nearDuplicates.js';

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
 * Uses the corpus's own split if it has one; otherwise splits by group, and documents without a
 * group by near-duplicate cluster. Independent of document order; both parts are sorted by id.
 * `heldOut` is empty only if all documents belong together.
 */
export function splitDocuments(documents: readonly Document[], options: SplitOptions): Split {
  const sorted = [...documents].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return ownSplit(sorted) ?? splitByUnit(sorted, options);
}

/** Whether the corpus itself says which documents are held out. */
export function hasOwnSplit(documents: readonly Document[]): boolean {
  return ownSplit(documents) !== null;
}

const heldOutNames = new Set(['test', 'validation', 'valid', 'val', 'dev', 'eval', 'heldout']);

function isHeldOut(document: Document): boolean {
  return heldOutNames.has((document.split ?? '').toLowerCase().replace(/[\s_-]/g, ''));
}

/**
 * `null` unless the corpus defines both parts. A group with any held-out note is held out whole.
 */
function ownSplit(documents: readonly Document[]): Split | null {
  const groups = new Set(documents.filter(isHeldOut).map(({ group }) => group));
  groups.delete(null);
  const heldOut: Document[] = [];
  const train: Document[] = [];
  for (const document of documents) {
    const together = isHeldOut(document) || groups.has(document.group);
    (together ? heldOut : train).push(document);
  }
  return heldOut.length > 0 && train.length > 0 ? { train, heldOut } : null;
}

function splitByUnit(documents: readonly Document[], { seed, fractions }: SplitOptions): Split {
  const units = unitsOf(documents);
  const names = createRandom(seed, 'split').shuffle([...units.keys()]);
  const target = Math.max(1, Math.round(fractions.heldOut * documents.length));
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
  const heldOut: Document[] = [];
  const train: Document[] = [];
  for (const [name, members] of units) (chosen.has(name) ? heldOut : train).push(...members);
  return train.length > 0
    ? { train: byId(train), heldOut: byId(heldOut) }
    : { train: byId(heldOut), heldOut: [] };
}

/** Documents that must stay together, keyed by a name that does not depend on their order. */
function unitsOf(documents: readonly Document[]): Map<string, Document[]> {
  const ungrouped = documents.filter(({ group }) => group === null);
  const clusters = nearDuplicateClusters(ungrouped.map(({ text }) => text));
  const clusterOf = new Map(ungrouped.map((document, i) => [document, clusters[i]]));
  const units = new Map<string, Document[]>();
  for (const document of documents) {
    const { group } = document;
    const name = group === null ? `cluster ${clusterOf.get(document) ?? ''}` : `group ${group}`;
    const members = units.get(name);
    if (members === undefined) units.set(name, [document]);
    else members.push(document);
  }
  return units;
}

function smallest(
  units: ReadonlyMap<string, readonly Document[]>,
  names: readonly string[],
): string {
  const size = (name: string): number => units.get(name)?.length ?? 0;
  return names.reduce((best, name) => (size(name) < size(best) ? name : best));
}

function byId(documents: Document[]): Document[] {
  return documents.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
