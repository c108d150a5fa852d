import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import { planCategoryBatches } from '../../../../src/core/objectives/sampling/categoryBatches.js';
import type {
  CategorisedWindow,
  CategoryBatch,
} from '../../../../src/core/objectives/sampling/categoryBatches.js';

/** Documents with up to five windows each; a document has one category, or none. */
const anyWindows = fc
  .array(
    fc.record({
      category: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 4 }),
      windows: fc.integer({ min: 1, max: 5 }),
    }),
    { maxLength: 60 },
  )
  .map((documents) =>
    documents.flatMap(({ category, windows }, document) =>
      Array.from({ length: windows }, (): CategorisedWindow => ({ document, category })),
    ),
  );

const labelled = (batches: readonly CategoryBatch[]): number[] =>
  batches.flatMap(({ windows, categories }) => windows.filter((_, i) => categories[i] !== null));

describe('planCategoryBatches', () => {
  it('holds every window once, and no category without two documents', () => {
    fc.assert(
      fc.property(
        anyWindows,
        fc.integer({ min: 2, max: 40 }),
        fc.integer(),
        (windows, size, seed) => {
          const batches = planCategoryBatches(windows, size, createRandom(seed));
          const places = batches.flatMap((batch) => batch.windows);
          expect(places.toSorted((a, b) => a - b)).toEqual(windows.map((_, i) => i));
          for (const batch of batches) {
            expect(batch.windows.length).toBeGreaterThan(0);
            expect(batch.windows.length).toBeLessThanOrEqual(size);
            const documents = new Map<number, Set<number>>();
            batch.windows.forEach((window, i) => {
              const category = batch.categories[i] ?? null;
              if (category === null) return;
              expect(category).toBe(windows[window]!.category);
              const known = documents.get(category) ?? new Set();
              documents.set(category, known.add(windows[window]!.document));
            });
            for (const known of documents.values()) expect(known.size).toBeGreaterThan(1);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('leaves out only what has no partner', () => {
    fc.assert(
      fc.property(
        anyWindows,
        fc.integer({ min: 3, max: 40 }),
        fc.integer(),
        (windows, size, seed) => {
          const kept = new Set(labelled(planCategoryBatches(windows, size, createRandom(seed))));
          for (let category = 0; category <= 6; category++) {
            const own = windows.flatMap((one, i) => (one.category === category ? [i] : []));
            const counts = new Map<number, number>();
            for (const i of own) {
              const { document } = windows[i]!;
              counts.set(document, (counts.get(document) ?? 0) + 1);
            }
            const most = Math.max(0, ...counts.values());
            const expected = own.length - Math.max(0, 2 * most - own.length);
            expect(own.filter((i) => kept.has(i)).length).toBe(expected);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('makes even batches, none more than it must', () => {
    fc.assert(
      fc.property(
        anyWindows,
        fc.integer({ min: 4, max: 40 }),
        fc.integer(),
        (windows, size, seed) => {
          const batches = planCategoryBatches(windows, size, createRandom(seed));
          // A unit of three that does not fit leaves two places at most.
          expect(batches.length).toBeLessThanOrEqual(Math.ceil(windows.length / (size - 2)));
        },
      ),
    );
    const windows = Array.from({ length: 68 }, (_, i) => ({ document: i, category: i % 4 }));
    const sizes = planCategoryBatches(windows, 32, createRandom(1)).map((b) => b.windows.length);
    expect(sizes.length).toBe(3);
    expect(Math.min(...sizes)).toBeGreaterThan(18);
  });

  it('repeats an epoch, and pairs others in the next', () => {
    const windows = Array.from({ length: 40 }, (_, i) => ({ document: i >> 1, category: i % 3 }));
    const plan = (epoch: number) =>
      planCategoryBatches(windows, 8, createRandom(3, 'epoch', epoch));
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it('gives every window of a long document its turn', () => {
    // Ten windows of one document and two of others: two of the ten have a partner at a time.
    const windows = Array.from({ length: 12 }, (_, i) => ({
      document: Math.max(0, i - 9),
      category: 0,
    }));
    const met = new Set<number>();
    for (let epoch = 0; epoch < 60; epoch++) {
      const kept = labelled(planCategoryBatches(windows, 6, createRandom(4, epoch)));
      expect(kept.length).toBe(4);
      for (const window of kept) met.add(window);
    }
    expect(met.size).toBe(12);
  });

  it('takes an empty corpus and refuses a batch of one', () => {
    expect(planCategoryBatches([], 8, createRandom(1))).toEqual([]);
    expect(() => planCategoryBatches([], 1, createRandom(1))).toThrow(RangeError);
  });
});
