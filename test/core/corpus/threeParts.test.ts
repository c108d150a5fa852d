import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../../src/core/corpus/document.js';
import { ownParts } from '../../../src/core/corpus/ownParts.js';
import { splitDocuments } from '../../../src/core/corpus/split.js';
import { copiesAcross, splitInThree, usualFractions } from '../../../src/core/corpus/threeParts.js';
import type { ThreePartOptions, ThreeParts } from '../../../src/core/corpus/threeParts.js';
import { document, ids, many } from './documents.js';

const options: ThreePartOptions = {
  seed: 7,
  fractions: usualFractions,
  pretrainingHeldOut: 0.1,
  classesOf: ({ category }) => (category === null ? [] : [category]),
};
const sizes = ({ train, validation, test }: ThreeParts): number[] =>
  [train, validation, test].map(({ length }) => length);

function countsOf(documents: readonly Document[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { category } of documents) counts[category ?? ''] = (counts[category ?? ''] ?? 0) + 1;
  return counts;
}

describe('splitInThree', () => {
  it("keeps the corpus's own parts", () => {
    const names = ['train', 'valid', 'test1', 'test2', 'dev'];
    const documents = many(50, (i) => ({ split: names[i % 5]!, category: i % 2 ? 'a' : 'b' }));
    const parts = splitInThree(documents, options);
    expect(parts.cut).toEqual([]);
    expect(new Set(parts.train.map(({ split }) => split))).toEqual(new Set(['train']));
    expect(new Set(parts.validation.map(({ split }) => split))).toEqual(new Set(['valid', 'dev']));
    expect(new Set(parts.test.map(({ split }) => split))).toEqual(new Set(['test1', 'test2']));
  });

  it('cuts what is missing from train, with the share of each class', () => {
    const category = (i: number): string => (i % 10 < 7 ? 'a' : i % 10 < 9 ? 'b' : 'c');
    const whole = splitInThree(
      many(200, (i) => ({ category: category(i) })),
      options,
    );
    expect(whole.cut).toEqual(['test', 'validation']);
    expect(countsOf(whole.test)).toEqual({ a: 28, b: 8, c: 4 });
    expect(countsOf(whole.validation)).toEqual({ a: 14, b: 4, c: 2 });
    const tested = splitInThree(
      many(200, (i) => ({ category: category(i), split: i < 100 ? 'test' : 'train' })),
      options,
    );
    expect(tested.cut).toEqual(['validation']);
    expect(sizes(tested)).toEqual([90, 10, 100]);
    expect(countsOf(tested.validation)).toEqual({ a: 7, b: 2, c: 1 });
    const validated = splitInThree(
      many(200, (i) => ({ category: category(i), split: i < 100 ? 'val' : 'train' })),
      options,
    );
    expect(validated.cut).toEqual(['test']);
    expect(sizes(validated)).toEqual([80, 100, 20]);
  });

  it('never parts a group, loses nothing, and does not look at the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1, max: 12 }), fc.integer({ min: 0, max: 3 })), {
          minLength: 12,
          maxLength: 80,
        }),
        fc.constantFrom<readonly (string | null)[]>(
          [null],
          ['train', 'test2'],
          ['train', 'valid', null],
        ),
        fc.integer(),
        (notes, splits, seed) => {
          const documents = notes.map(([group, k], i) =>
            document(`d${i}`, {
              // At least three units.
              group: group < 0 || i < 3 ? null : `p${group}`,
              category: k === 0 ? null : `c${k}`,
              split: splits[i % splits.length] ?? null,
            }),
          );
          const parts = splitInThree(documents, { ...options, seed });
          const all = [...parts.train, ...parts.validation, ...parts.test];
          expect(ids(all).sort()).toEqual(ids(documents).sort());
          const groups = [parts.train, parts.validation, parts.test].flatMap((part) => [
            ...new Set(part.flatMap(({ group }) => group ?? [])),
          ]);
          expect(groups).toHaveLength(new Set(groups).size);
          const again = splitInThree([...documents].reverse(), { ...options, seed });
          for (const part of ['train', 'validation', 'test'] as const) {
            expect(ids(again[part])).toEqual(ids(parts[part]));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('tests first on what pre-training held out with the same seed', () => {
    for (let seed = 0; seed < 5; seed++) {
      const documents = many(300, (i) => ({ group: `p${i % 100}`, category: `c${i % 4}` }));
      const { heldOut } = splitDocuments(documents, { seed, fractions: { heldOut: 0.1 } });
      const { test, validation } = splitInThree(documents, { ...options, seed });
      const tested = new Set(test);
      expect(heldOut.filter((each) => tested.has(each)).length / heldOut.length).toBeGreaterThan(
        0.9,
      );
      expect(test.length).toBeGreaterThan(50);
      expect(validation.length).toBeGreaterThan(20);
    }
    const documents = many(200, (i) => ({
      category: 'ab'[i % 2]!,
      split: i < 50 ? 'valid' : 'train',
    }));
    const { heldOut } = splitDocuments(documents, { seed: 3, fractions: { heldOut: 0.1 } });
    const { test } = splitInThree(documents, { ...options, seed: 3 });
    const tested = new Set(test);
    const cut = heldOut.filter(({ split }) => split === 'train');
    expect(cut.filter((each) => tested.has(each)).length).toBeGreaterThan(0.9 * cut.length);
  });

  it('leaves something to learn of every class, and tests rare ones where it can', () => {
    const documents = many(100, (i) => ({
      category: i < 2 ? 'rare' : i < 5 ? 'one patient' : 'usual',
      group: i >= 2 && i < 5 ? 'p' : null,
    }));
    for (let seed = 0; seed < 10; seed++) {
      const { train, test } = splitInThree(documents, { ...options, seed });
      expect([countsOf(train)['rare'], countsOf(test)['rare']]).toEqual([1, 1]);
      expect(countsOf(train)['one patient']).toBe(3);
    }
  });

  it('keeps near-copies together, and counts them across parts of the corpus itself', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${(i * 37) % 101}`).join(' ');
    const copies = many(40, (i) => ({ text: `${words} seen ${i}`, category: 'ab'[i % 2]! }));
    const others = Array.from({ length: 60 }, (_, i) =>
      document(`o${i}`, { category: 'ab'[i % 2]! }),
    );
    const parts = splitInThree([...copies, ...others], options);
    expect(copiesAcross(parts)).toBe(0);
    const own = [...copies, ...others].map((each, i) => ({
      ...each,
      split: i < 30 ? 'test' : 'train',
    }));
    expect(copiesAcross(splitInThree(own, options))).toBe(30);
  });

  it('says so when notes cannot be divided', () => {
    const one = many(5, () => ({ group: 'p', category: 'a' }));
    expect(() => splitInThree(one, options)).toThrow('cannot be divided');
  });
});

describe('ownParts', () => {
  const partsOf = (...splits: (string | null)[]): readonly string[] | null => {
    const parts = ownParts(many(splits.length, (i) => ({ split: splits[i] ?? null })));
    return (
      parts &&
      splits.map((_, i) => {
        const [part] = (['train', 'validation', 'test'] as const).filter((each) =>
          ids(parts[each]).includes(`d${i}`),
        );
        return part!;
      })
    );
  };

  it('reads what is held out by what else there is', () => {
    expect(partsOf('train', 'eval')).toEqual(['train', 'test']);
    expect(partsOf('train', 'eval', 'test')).toEqual(['train', 'validation', 'test']);
    expect(partsOf('train', 'development', 'test')).toEqual(['train', 'validation', 'test']);
    expect(partsOf('development', 'validation')).toEqual(['train', 'validation']);
    expect(partsOf('test', 'test')).toBeNull();
    expect(partsOf('train', null)).toBeNull();
  });
});
