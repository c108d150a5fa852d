import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import {
  fillMaskedBatch,
  maskSequence,
  predictionSlots,
} from '../../../src/core/objectives/masking.js';

const settings = {
  mlmProbability: 0.15,
  vocabularySize: 100,
  maskId: 4,
  specialIds: new Set([0, 1, 2, 3, 4]),
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
      const slots = predictionSlots(1, tokens + 2, 0.15);
      for (let run = 0; run < 200; run++) {
        const { positions } = maskSequence(sequence(tokens), createRandom(run), settings);
        expect(positions.length).toBeLessThanOrEqual(slots);
      }
    }
  });
});

describe('fillMaskedBatch', () => {
  const config = { modelType: 'roberta', padTokenId: 1 } as EncoderConfig;
  const shape = { batchSize: 3, sequenceLength: 6, predictions: 4 };
  const views = () => ({
    inputIds: new Int32Array(18).fill(9),
    positionIds: new Int32Array(18).fill(9),
    tokenTypeIds: new Int32Array(18).fill(9),
    attentionBias: new Float32Array(18).fill(9),
    predictionRows: new Int32Array(4).fill(9),
    labels: new Int32Array(4).fill(9),
    labelWeights: new Float32Array(4).fill(9),
  });
  const sequences = [
    { inputIds: Int32Array.of(0, 4, 6, 2), positions: Int32Array.of(1), labels: Int32Array.of(7) },
    {
      inputIds: Int32Array.of(0, 8, 9, 4, 5, 2),
      positions: Int32Array.of(3, 4),
      labels: Int32Array.of(5, 6),
    },
  ];

  it('starts positions after the padding index and pads what is left', () => {
    const inputs = views();
    fillMaskedBatch(inputs, sequences, shape, config, 0.25);
    expect([...inputs.inputIds]).toEqual([0, 4, 6, 2, 1, 1, 0, 8, 9, 4, 5, 2, 1, 1, 1, 1, 1, 1]);
    expect([...inputs.positionIds]).toEqual([2, 3, 4, 5, 1, 1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 1, 1, 1]);
    expect([...inputs.tokenTypeIds]).toEqual(Array(18).fill(0));
    const bias = [...inputs.attentionBias].map((value) => (value === 0 ? 0 : 1));
    expect(bias).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    expect(inputs.attentionBias[4]).toBe(-1e4);
    expect([...inputs.predictionRows]).toEqual([1, 9, 10, 0]);
    expect([...inputs.labels]).toEqual([7, 5, 6, 0]);
    expect([...inputs.labelWeights]).toEqual([0.25, 0.25, 0.25, 0]);
  });

  it('starts positions of BERT at 0', () => {
    const inputs = views();
    fillMaskedBatch(inputs, sequences, shape, { ...config, modelType: 'bert', padTokenId: 0 }, 1);
    expect([...inputs.positionIds].slice(0, 6)).toEqual([0, 1, 2, 3, 0, 0]);
    expect(inputs.inputIds[5]).toBe(0);
  });

  it('says when the graph lacks an input', () => {
    const inputs = Object.fromEntries(
      Object.entries(views()).filter(([name]) => name !== 'labels'),
    );
    expect(() => fillMaskedBatch(inputs, sequences, shape, config, 1)).toThrow('no input labels');
  });
});
