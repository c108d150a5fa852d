import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import { predictionSlots } from '../../../../src/core/objectives/sampling/masking.js';
import { maskWholeWords } from '../../../../src/core/objectives/sampling/wholeWords.js';

const settings = {
  mlmProbability: 0.15,
  vocabularySize: 200,
  maskId: 4,
  specialIds: new Set([0, 1, 2, 3, 4]),
};

/** Even ids begin a word. */
const isWordStart = (id: number): boolean => id % 2 === 0;

/** Words of the given lengths between the special tokens. */
function sequence(lengths: readonly number[], seed = 1): Int32Array {
  const random = createRandom(seed, 'sequence');
  const words = lengths.flatMap((length) =>
    Array.from({ length }, (_, i) => 6 + 2 * random.integer(97) + (i === 0 ? 0 : 1)),
  );
  return Int32Array.from([0, ...words, 2]);
}

/** About as clinical text falls into tokens. */
const lengths = Array.from({ length: 80 }, (_, i) => [1, 1, 2, 1, 3, 1, 1, 4][i % 8]!);

describe('maskWholeWords', () => {
  it('predicts 15 % and masks, replaces and keeps 80, 10 and 10 % of these', () => {
    const ids = sequence(lengths);
    const tokens = ids.length - 2;
    const counts = { predicted: 0, masked: 0, replaced: 0, kept: 0 };
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(1, run);
      const { inputIds, positions, labels } = maskWholeWords(ids, isWordStart, random, settings);
      counts.predicted += positions.length;
      positions.forEach((position, i) => {
        expect(labels[i]).toBe(ids[position]);
        if (inputIds[position] === 4) counts.masked++;
        else if (inputIds[position] === ids[position]) counts.kept++;
        else counts.replaced++;
      });
    }
    expect(counts.predicted / (runs * tokens)).toBeCloseTo(0.15, 3);
    expect(counts.masked / counts.predicted).toBeCloseTo(0.8, 2);
    // One replacement in 195 draws the token that stood there.
    expect(counts.replaced / counts.predicted).toBeCloseTo(0.1 * (194 / 195), 2);
  });

  it('predicts long words nearly as often as short ones', () => {
    const ids = sequence(lengths);
    const predicted = new Map<number, number>();
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const { positions } = maskWholeWords(ids, isWordStart, createRandom(2, run), settings);
      let at = 1;
      for (const length of lengths) {
        if (positions.includes(at)) predicted.set(length, (predicted.get(length) ?? 0) + 1);
        at += length;
      }
    }
    for (const length of [1, 2, 3, 4]) {
      const words = lengths.filter((other) => other === length).length;
      const share = predicted.get(length)! / (runs * words);
      expect(share).toBeGreaterThan(0.12);
      expect(share).toBeLessThan(0.17);
    }
  });

  it('takes whole words, once each, changes nothing else, and never needs more than the slots', () => {
    const anyLengths = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        anyLengths,
        fc.constantFrom(0.05, 0.15, 0.4, 0.8),
        fc.integer(),
        (own, p, seed) => {
          const ids = sequence(own, seed);
          const { inputIds, positions, labels } = maskWholeWords(
            ids,
            isWordStart,
            createRandom(seed),
            {
              ...settings,
              mlmProbability: p,
            },
          );
          const slots = predictionSlots(ids.length, p);
          expect(positions.length).toBeLessThanOrEqual(slots);
          expect(labels.length).toBe(positions.length);
          if (own.length > 0) expect(positions.length).toBeGreaterThan(0);
          expect([...positions]).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
          const predicted = new Set(positions);
          ids.forEach((id, i) => {
            if (!predicted.has(i)) expect(inputIds[i]).toBe(id);
          });
          let at = 1;
          let parts = 0;
          for (const length of own) {
            const hit = Array.from({ length }, (_, i) => predicted.has(at + i)).filter(
              Boolean,
            ).length;
            if (hit > 0 && hit < length) parts++;
            at += length;
          }
          // In part only when no word is as short as the share.
          if (own.some((length) => length <= Math.max(1, Math.floor(p * (ids.length - 2))))) {
            expect(parts).toBe(0);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('neither predicts special tokens nor draws them, and words end there', () => {
    // 51 continues no word: a special token stands before it.
    const ids = Int32Array.from([0, 3, 50, 53, 4, 51, 1, 2]);
    for (let run = 0; run < 2000; run++) {
      const masked = maskWholeWords(ids, isWordStart, createRandom(run), {
        ...settings,
        mlmProbability: 0.6,
      });
      const predicted = [...masked.positions];
      expect([[2, 3], [5]]).toContainEqual(predicted);
      for (const position of predicted) {
        expect(masked.inputIds[position]).toBeGreaterThanOrEqual(4);
      }
    }
  });

  it('predicts a part of a word that is longer than the share, and nothing of an empty note', () => {
    const long = maskWholeWords(sequence([9]), isWordStart, createRandom(1), settings);
    expect(long.positions.length).toBeGreaterThan(0);
    expect(long.positions.length).toBeLessThanOrEqual(predictionSlots(11, 0.15));
    const empty = maskWholeWords(sequence([]), isWordStart, createRandom(1), settings);
    expect(empty.positions.length).toBe(0);
  });
});
