/**
 * Batches for supervised contrast: an anchor learns only from batches that hold another note of its
 * category, so that windows travel in pairs.
 */
import type { Random } from '../../base/random.js';

export interface CategorisedWindow {
  /** Which document it is a window of. */
  readonly document: number;
  readonly category: number | null;
}

export interface CategoryBatch {
  /** Places in the list of windows. */
  readonly windows: readonly number[];
  /**
   * Of each of them, `null` also where no partner was found this epoch: these train what needs no
   * category.
   */
  readonly categories: readonly (number | null)[];
}

/**
 * An epoch in batches of at most `size` windows, as even as can be; every window is in one of them.
 * Each category of a batch is that of two windows of different documents at least. Windows without a
 * partner are those of a category of one document and what a document has beyond all others of its
 * category; which windows these are, and who meets whom, changes with `random`.
 */
export function planCategoryBatches(
  windows: readonly CategorisedWindow[],
  size: number,
  random: Random,
): CategoryBatch[] {
  if (!(size >= 2)) throw new RangeError(`A batch of ${size} windows compares nothing.`);
  const categories = windows.map((): number | null => null);
  const units: number[][] = [];
  for (const [category, documents] of byCategory(windows)) {
    for (const unit of pairUp(documents, size >= 3, random)) {
      for (const window of unit) categories[window] = category;
      units.push(unit);
    }
  }
  windows.forEach((_, window) => {
    if (categories[window] === null) units.push([window]);
  });
  return deal(random.shuffle(units), size).map((batch) => ({
    windows: batch,
    categories: batch.map((window) => categories[window] ?? null),
  }));
}

/** Of every category the windows of each of its documents. */
function byCategory(windows: readonly CategorisedWindow[]): Map<number, number[][]> {
  const found = new Map<number, Map<number, number[]>>();
  windows.forEach(({ document, category }, window) => {
    if (category === null) return;
    const documents = found.get(category) ?? new Map<number, number[]>();
    found.set(category, documents);
    const own = documents.get(document) ?? [];
    documents.set(document, own);
    own.push(window);
  });
  return new Map([...found].map(([category, documents]) => [category, [...documents.values()]]));
}

/**
 * Pairs of windows of different documents, and one triple when their number is odd and triples are
 * allowed. With the windows of a document side by side, and none with more than half of them, half a
 * list onwards is always another document.
 */
function pairUp(documents: readonly number[][], triples: boolean, random: Random): number[][] {
  const shuffled = random.shuffle(documents.map((own) => random.shuffle([...own])));
  const total = shuffled.reduce((sum, own) => sum + own.length, 0);
  const line = shuffled.flatMap((own) => own.slice(0, total - own.length));
  const half = Math.floor(line.length / 2);
  const units = line.slice(0, half).map((window, i) => [window, line[i + half]!]);
  if (line.length % 2 === 1 && triples) random.pick(units).push(line.at(-1)!);
  return units;
}

/** Whole units in their order; the smallest batches that are not more than they must be. */
function deal(units: readonly number[][], size: number): number[][] {
  const fewest = fill(units, size).length;
  const total = units.reduce((sum, unit) => sum + unit.length, 0);
  for (let even = Math.ceil(total / Math.max(1, fewest)); even < size; even++) {
    const batches = fill(units, even);
    if (batches.length === fewest) return batches;
  }
  return fill(units, size);
}

function fill(units: readonly number[][], size: number): number[][] {
  const batches: number[][] = [];
  for (const unit of units) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + unit.length <= size) last.push(...unit);
    else batches.push([...unit]);
  }
  return batches;
}
