import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatches } from '../../../src/core/embed/planBatches.js';

describe('planBatches', () => {
  it('takes every sequence once, within the length and size that are allowed', () => {
    const lengths = fc.array(fc.integer({ min: 2, max: 130 }), { maxLength: 60 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 600 }), (list, tokensAtOnce) => {
        const sequences = list.map((length) => ({ length }));
        const rowsAtOnce = (length: number) => Math.floor(tokensAtOnce / length);
        const batches = planBatches(sequences, rowsAtOnce, 130);
        expect(batches.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(
          list.map((_, i) => i),
        );
        for (const { rows, sequenceLength } of batches) {
          expect(sequenceLength).toBeLessThanOrEqual(130);
          for (const row of rows) expect(list[row]).toBeLessThanOrEqual(sequenceLength);
          if (rows.length > 1) {
            expect(rows.length * sequenceLength).toBeLessThanOrEqual(tokensAtOnce);
          }
        }
      }),
    );
  });

  it('keeps short texts from being padded to long ones', () => {
    const batches = planBatches([{ length: 128 }, { length: 10 }], () => 64, 512);
    expect(batches.map(({ sequenceLength }) => sequenceLength)).toEqual([128, 16]);
  });
});
