import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearDuplicateClusters } from '../../../src/core/corpus/nearDuplicates.js';
import { hasOwnSplit, splitDocuments } from '../../../src/core/corpus/split.js';
import { document, ids, many } from './documents.js';

const options = { seed: 7, fractions: { heldOut: 0.2 } };

describe('splitDocuments', () => {
  it('never parts a group, loses nothing, and does not look at the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 12 }), { minLength: 2, maxLength: 60 }),
        fc.integer(),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        (groups, seed, heldOut) => {
          const documents = groups.map((group, i) =>
            document(`d${i}`, { group: group < 0 ? null : `p${group}` }),
          );
          const split = splitDocuments(documents, { seed, fractions: { heldOut } });
          expect([...ids(split.train), ...ids(split.heldOut)].sort()).toEqual(
            ids(documents).sort(),
          );
          const held = new Set(split.heldOut.map(({ group }) => group).filter((g) => g !== null));
          expect(split.train.some(({ group }) => group !== null && held.has(group))).toBe(false);
          expect(split.train.length).toBeGreaterThan(0);
          const again = splitDocuments([...documents].reverse(), { seed, fractions: { heldOut } });
          expect(ids(again.heldOut)).toEqual(ids(split.heldOut));
          expect(ids(again.train)).toEqual(ids(split.train));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('holds out about the share that was asked for, a different one for another seed', () => {
    const documents = many(500, (i) => ({ group: `p${i % 120}` }));
    const one = splitDocuments(documents, options);
    expect(one.heldOut.length).toBeGreaterThan(85);
    expect(one.heldOut.length).toBeLessThan(115);
    expect(ids(splitDocuments(documents, { ...options, seed: 8 }).heldOut)).not.toEqual(
      ids(one.heldOut),
    );
  });

  it('keeps near-copies together where no patient is known', () => {
    const words =
      'Reviewed on the ward round, comfortable, observations stable, eating and drinking, for home tomorrow with district nurse and tablets as before';
    const documents = many(60, (i) =>
      i % 3 === 0 ? { text: `${words} ${i % 6 === 0 ? 'today' : 'now'} case ${i % 2}` } : {},
    );
    for (let seed = 0; seed < 20; seed++) {
      const { heldOut } = splitDocuments(documents, { ...options, seed });
      const copies = heldOut.filter(({ text }) => text.startsWith('Reviewed')).length;
      expect([0, 20]).toContain(copies);
      expect(heldOut.length).toBeGreaterThan(0);
    }
  });

  it('takes the corpus at its word when it names a split', () => {
    const documents = many(10, (i) => ({
      split: ['Train', 'test', 'Validation', 'dev', null][i % 5] as string | null,
      group: i === 4 ? 'p1' : i === 6 ? 'p1' : null,
    }));
    const { train, heldOut } = splitDocuments(documents, options);
    // d4 has no split of its own; d6, of the same patient, is in the test split.
    expect(ids(heldOut)).toEqual(['d1', 'd2', 'd3', 'd4', 'd6', 'd7', 'd8']);
    expect(ids(train)).toEqual(['d0', 'd5', 'd9']);
  });

  it('holds out numbered test parts, and every way to write validation', () => {
    const held =
      'test1 Test-2 test_3 testing testset valid2 val-split validation_matched dev1 DevTest';
    const names = `${held} hold-out heldout eval evaluation_set`.split(' ');
    const trained = ['train', 'training', 'train2', 'unlabelled', 'deviation', 'values', null];
    const documents = many(names.length + trained.length, (i) => ({
      split: [...names, ...trained][i] ?? null,
    }));
    const { train, heldOut } = splitDocuments(documents, options);
    expect(heldOut.map(({ split }) => split).sort()).toEqual([...names].sort());
    expect(train).toHaveLength(trained.length);
    expect(hasOwnSplit(documents)).toBe(true);
  });

  it('cuts something to test on where the corpus only says what validates', () => {
    const documents = many(50, (i) => ({ split: i < 10 ? 'valid' : 'train' }));
    const { train, heldOut } = splitDocuments(documents, options);
    expect(heldOut.filter(({ split }) => split === 'valid')).toHaveLength(10);
    expect([train.length, heldOut.length]).toEqual([32, 18]);
    expect(hasOwnSplit(documents)).toBe(false);
  });

  it('splits a corpus without a split of its own as it always has', () => {
    const { heldOut } = splitDocuments(
      many(60, (i) => ({ group: i < 20 ? `p${i % 7}` : null })),
      options,
    );
    expect(ids(heldOut).join(' ')).toBe('d10 d11 d17 d18 d21 d24 d28 d3 d37 d4 d42 d46');
  });

  it('makes a split itself when the corpus names only one part', () => {
    const { heldOut } = splitDocuments(
      many(50, () => ({ split: 'train' })),
      options,
    );
    expect(heldOut.length).toBe(10);
  });

  it('holds nothing out when all notes are about one patient', () => {
    const { train, heldOut } = splitDocuments(
      many(5, () => ({ group: 'p' })),
      options,
    );
    expect([train.length, heldOut.length]).toEqual([5, 0]);
  });
});

describe('nearDuplicateClusters', () => {
  const base = Array.from({ length: 80 }, (_, i) => `word${(i * 37) % 101}`);

  it('joins copies with a few changed words, and nothing else', () => {
    const changed = base.map((word, i) => (i === 40 ? 'different' : word));
    const other = base.map((_, i) => `term${(i * 53) % 97}`);
    expect([
      ...nearDuplicateClusters([
        base.join(' '),
        other.join(' '),
        `${changed.join('  ')}.`,
        base.join(' ').toUpperCase(),
      ]),
    ]).toEqual([0, 1, 0, 0]);
  });

  it('knows short notes, and tells empty ones from others', () => {
    expect([
      ...nearDuplicateClusters(['Did not attend', 'did not attend.', 'Attended', '']),
    ]).toEqual([0, 0, 1, 2]);
  });
});
