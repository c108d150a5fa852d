import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import { deleteWords } from '../../../../src/core/objectives/sampling/deletion.js';

/** Tokens of 10 and more start a word. */
const isWordStart = (id: number): boolean => id >= 10;
const sequence = (...ids: number[]): Int32Array => Int32Array.of(0, ...ids, 2);

describe('deleteWords', () => {
  it('deletes words whole, and each with the wanted probability', () => {
    const ids = sequence(10, 3, 11, 12, 4, 5, 13);
    const counts = new Map<number, number>();
    for (let run = 0; run < 4000; run++) {
      const left = deleteWords(ids, createRandom(1, run), 0.6, isWordStart);
      expect([left[0], left.at(-1)]).toEqual([0, 2]);
      const kept = [...left.slice(1, -1)];
      expect(kept.includes(10)).toBe(kept.includes(3));
      expect([4, 5].map((id) => kept.includes(id))).toEqual([kept.includes(12), kept.includes(12)]);
      for (const id of kept) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // Of four words one is kept where none would be: 0.4 + 0.6 ** 4 / 4.
    for (const id of [10, 11, 12, 13]) expect(counts.get(id)! / 4000).toBeCloseTo(0.432, 1);
  });

  it('keeps a word where all would be deleted, though it starts in the middle', () => {
    for (let run = 0; run < 50; run++) {
      const random = createRandom(2, run);
      expect([...deleteWords(sequence(3, 4), random, 0.95, isWordStart)]).toEqual([0, 3, 4, 2]);
    }
  });

  it('leaves all with a ratio of 0, and what has no words as it is', () => {
    const ids = sequence(10, 3, 11);
    expect(deleteWords(ids, createRandom(3), 0, isWordStart)).toEqual(ids);
    expect([...deleteWords(sequence(), createRandom(3), 0.6, isWordStart)]).toEqual([0, 2]);
  });
});
