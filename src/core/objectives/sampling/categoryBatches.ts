/**
 * Batches for supervised contrast: an anchor learns only if its batch holds another note of its
 * category, so windows are batched in pairs.
 */
import type { Random } from '../../base/random.js';

export interface CategorisedWindow {
  /** Which document it is a window of. */
  readonly document: number;
  readonly category: number | null;
}

export interface CategoryBatch {
  /** Indices into the list of windows. */
  readonly windows: readonly number[];
  /**
   * Category of each, or `null`. Also `null` for windows left without a partner this epoch: they
   * train only the losses that need no category.
   */
  readonly categories: readonly (number | null)[];
}

/**
 * Divides an epoch into batches of at most `size` windows, as equal as possible; every window is in
 * exactly one. Each category in a batch has windows of at least two different documents. A window
 * has no partner if its category has only one document, or if its document has more windows than
 * all others of the category together. `random` decides which windows these are and how the others
 * pair up.
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

/** Windows of each document, by category. */
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
 * Pairs windows of different documents; if their number is odd, one unit is a triple where allowed.
 * Windows of a document are adjacent and make up at most half of the list, so the window half a
 * list further on always belongs to another document.
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

/** Keeps units whole and in order; as few batches as possible, of the smallest size that allows. */
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
