import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.js';
import { maskSequence, predictionSlots } from '../../../../src/core/objectives/sampling/masking.js';

const settings = {
  mlmProbability: 0.15,
  vocabularySize: 100,
  maskId: 4,
  specialIds: new Set([0, 1, 2, 3, 4]),
  isWordStart: null,
};

function sequence(tokens: number): Int32Array {
  const random = createRandom(tokens, 'sequence');
  return Int32Array.from([0, ...Array.from({ length: tokens }, () => 5 + random.integer(95)), 2]);
}

describe('maskSequence', () => {
  it('predicts 15 % and masks, replaces and keeps 80, 10 and 10 % of these', () => {
    const ids = sequence(110);
    const counts = { predicted: 0, masked: 0, replaced: 0, kept: 0 };
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const { inputIds, positions, labels } = maskSequence(ids, createRandom(1, run), settings);
      counts.predicted += positions.length;
      positions.forEach((position, i) => {
        expect(labels[i]).toBe(ids[position]);
        if (inputIds[position] === 4) counts.masked++;
        else if (inputIds[position] === ids[position]) counts.kept++;
        else counts.replaced++;
      });
    }
    expect(counts.predicted / (runs * 110)).toBeCloseTo(0.15, 3);
    expect(counts.masked / counts.predicted).toBeCloseTo(0.8, 2);
    // One replacement in 95 draws the token that stood there.
    expect(counts.replaced / counts.predicted).toBeCloseTo(0.1 * (94 / 95), 2);
  });

  it('changes nothing but the predicted places, and predicts each at most once', () => {
    const ids = sequence(60);
    const { inputIds, positions } = maskSequence(ids, createRandom(3), settings);
    const predicted = new Set(positions);
    expect(predicted.size).toBe(positions.length);
    ids.forEach((id, i) => {
      if (!predicted.has(i)) expect(inputIds[i]).toBe(id);
    });
  });

  it('neither predicts special tokens nor draws them', () => {
    const ids = Int32Array.from([0, 3, 50, 4, 51, 1, 2]);
    for (let run = 0; run < 2000; run++) {
      const masked = maskSequence(ids, createRandom(run), { ...settings, mlmProbability: 0.8 });
      for (const position of masked.positions) {
        expect([2, 4]).toContain(position);
        expect(masked.inputIds[position]).toBeGreaterThanOrEqual(4);
      }
    }
  });

  it('predicts one token of the shortest note and none of an empty one', () => {
    expect(maskSequence(sequence(1), createRandom(1), settings).positions).toEqual(
      Int32Array.of(1),
    );
    expect(maskSequence(sequence(0), createRandom(1), settings).positions.length).toBe(0);
  });

  it('never needs more than the slots', () => {
    for (const tokens of [1, 6, 7, 13, 20, 30, 33]) {
      const slots = predictionSlots(tokens + 2, 0.15);
      for (let run = 0; run < 200; run++) {
        const { positions } = maskSequence(sequence(tokens), createRandom(run), settings);
        expect(positions.length).toBeLessThanOrEqual(slots);
      }
    }
  });
});
