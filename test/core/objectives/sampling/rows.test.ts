import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import { cutRows, packRows } from '../../../../src/core/objectives/sampling/rows.js';
import type { Bucket, SequenceSize } from '../../../../src/core/objectives/sampling/rows.js';

const buckets: readonly Bucket[] = [
  { sequenceLength: 16, sequencesPerRow: 2, slotsPerRow: 4, batchSize: 5 },
  { sequenceLength: 40, sequencesPerRow: 4, slotsPerRow: 9, batchSize: 2 },
];
const slotsOf = (tokens: number): number => Math.ceil(tokens / 5);

const anySizes = fc.array(
  fc.record({ tokens: fc.integer({ min: 3, max: 40 }), predicts: fc.boolean() }),
  { minLength: 1, maxLength: 60 },
);
const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const text = (sizes: readonly SequenceSize[], row: readonly number[]): number =>
  row.reduce((sum, index) => sum + sizes[index]!.tokens, 0);

describe('packRows', () => {
  it('uses every sequence once, within the tokens, places and slots of a row', () => {
    fc.assert(
      fc.property(anySizes, fc.integer(), (sizes, seed) => {
        const rows = packRows(sizes, buckets, slotsOf, createRandom(seed, 'rows'));
        expect(ascending(rows.flatMap(({ sequences }) => sequences))).toEqual(
          sizes.map((_, i) => i),
        );
        for (const { bucket, sequences, predicts } of rows) {
          const { sequenceLength, sequencesPerRow, slotsPerRow } = buckets[bucket]!;
          expect(text(sizes, sequences)).toBeLessThanOrEqual(sequenceLength);
          expect(sequences.length).toBeLessThanOrEqual(sequencesPerRow);
          const slots = sequences.map((i) => (sizes[i]!.predicts ? slotsOf(sizes[i]!.tokens) : 0));
          expect(slots.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(slotsPerRow);
          expect(predicts).toBe(sequences.some((i) => sizes[i]!.predicts));
        }
      }),
    );
  });

  it('puts each where it leaves the least room', () => {
    const sizes = [30, 25, 15, 10].map((tokens) => ({ tokens, predicts: false }));
    const rows = packRows(sizes, buckets, slotsOf);
    expect(rows.map(({ sequences }) => sequences)).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });

  it('leaves rows without predictions where it can', () => {
    const sizes = [10, 20, 10, 30].map((tokens, i) => ({ tokens, predicts: i < 2 }));
    const rows = packRows(sizes, buckets, slotsOf);
    expect(rows.map(({ predicts }) => predicts)).toEqual([true, false]);
  });

  it('says when a sequence is too long', () => {
    expect(() => packRows([{ tokens: 41, predicts: true }], buckets, slotsOf)).toThrow(
      'No bucket takes a sequence of 41 tokens.',
    );
  });
});

describe('cutRows', () => {
  it('uses every row once, and fills all micro-batches but few', () => {
    fc.assert(
      fc.property(anySizes, fc.integer(), (sizes, seed) => {
        const random = createRandom(seed, 'rows');
        const rows = packRows(sizes, buckets, slotsOf, random);
        const microBatches = cutRows(rows, buckets, random);
        expect(ascending(microBatches.flatMap((batch) => batch.rows.flat()))).toEqual(
          sizes.map((_, i) => i),
        );
        let unfilled = 0;
        for (const { bucket, rows: own, predicts } of microBatches) {
          expect(own.length).toBeLessThanOrEqual(buckets[bucket]!.batchSize);
          if (own.length < buckets[bucket]!.batchSize) unfilled++;
          for (const row of own) {
            expect(text(sizes, row)).toBeLessThanOrEqual(buckets[bucket]!.sequenceLength);
            if (!predicts) expect(row.some((i) => sizes[i]!.predicts)).toBe(false);
          }
        }
        // The last, and one where longer rows without predictions come after those with them.
        expect(unfilled).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('is the same for the same seed, and other for another', () => {
    const sizes = Array.from({ length: 80 }, (_, i) => ({ tokens: 3 + (i % 30), predicts: true }));
    const cut = (seed: number) => {
      const random = createRandom(seed, 'rows');
      return cutRows(packRows(sizes, buckets, slotsOf, random), buckets, random);
    };
    expect(cut(1)).toEqual(cut(1));
    expect(cut(2)).not.toEqual(cut(1));
  });
});
