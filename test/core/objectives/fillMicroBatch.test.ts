import { describe, expect, it } from 'vitest';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { fillMicroBatch } from '../../../src/core/objectives/fillMicroBatch.js';

const weights = (prediction: number) => ({ prediction, category: 0, embeddingGradient: null });

describe('fillMicroBatch', () => {
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
    {
      inputIds: Int32Array.of(0, 4, 6, 2),
      positions: Int32Array.of(1),
      labels: Int32Array.of(7),
      row: 2,
      category: 3,
      categoryWeight: 0.5,
    },
    {
      row: -1,
      category: 1,
      categoryWeight: 2,
      inputIds: Int32Array.of(0, 8, 9, 4, 5, 2),
      positions: Int32Array.of(3, 4),
      labels: Int32Array.of(5, 6),
    },
  ];

  it('starts positions after the padding index and pads what is left', () => {
    const inputs = views();
    fillMicroBatch(inputs, sequences, shape, config, weights(0.25));
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
    fillMicroBatch(
      inputs,
      sequences,
      shape,
      { ...config, modelType: 'bert', padTokenId: 0 },
      weights(1),
    );
    expect([...inputs.positionIds].slice(0, 6)).toEqual([0, 1, 2, 3, 0, 0]);
    expect(inputs.inputIds[5]).toBe(0);
  });

  it('says when the graph lacks an input', () => {
    const inputs = Object.fromEntries(
      Object.entries(views()).filter(([name]) => name !== 'labels'),
    );
    expect(() => fillMicroBatch(inputs, sequences, shape, config, weights(1))).toThrow(
      'no input labels',
    );
  });

  it('pools over tokens, and hands out gradients and categories by example', () => {
    const inputs = {
      ...views(),
      poolingWeights: new Float32Array(18).fill(9),
      embeddingGradient: new Float32Array(6).fill(9),
      categories: new Int32Array(3).fill(9),
      categoryWeights: new Float32Array(3).fill(9),
    };
    const embeddingGradient = Float32Array.of(1, 2, 3, 4, 5, 6);
    fillMicroBatch(
      inputs,
      sequences,
      shape,
      { ...config, hiddenSize: 2 },
      {
        prediction: 1,
        category: 10,
        embeddingGradient,
      },
    );
    expect([...inputs.poolingWeights.subarray(0, 6)]).toEqual([0.25, 0.25, 0.25, 0.25, 0, 0]);
    expect(inputs.poolingWeights.reduce((a, b) => a + b, 0)).toBeCloseTo(2, 6);
    // Row 2 of the step for the first example, none for the second.
    expect([...inputs.embeddingGradient]).toEqual([5, 6, 0, 0, 0, 0]);
    expect([...inputs.categories]).toEqual([3, 1, 0]);
    expect([...inputs.categoryWeights]).toEqual([5, 20, 0]);
  });
});
