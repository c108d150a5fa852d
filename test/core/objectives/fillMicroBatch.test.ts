import { describe, expect, it } from 'vitest';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import type { PoolingName } from '../../../src/protocol/catalogue/poolings.js';
import { parseEncoderConfig } from '../../../src/core/encoder/huggingFaceConfig.js';
import { trainingWeight } from '../../../src/core/encoder/pooling.js';
import { categoryClassifier } from '../../../src/core/objectives/categoryLoss.js';
import { fillMicroBatch } from '../../../src/core/objectives/fillMicroBatch.js';
import { maskedLmGraph, microBatchGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { inputArray } from '../../../src/core/objectives/loss.js';
import type { Loss } from '../../../src/core/objectives/loss.js';
import { maskedTokens } from '../../../src/core/objectives/maskedTokens.js';
import type { Example } from '../../../src/core/objectives/sampling/sampler.js';

const weights = (mlm: number) => ({
  losses: [maskedTokens],
  scales: { mlm },
  embeddingGradient: null,
});

describe('fillMicroBatch', () => {
  const config = { modelType: 'roberta', padTokenId: 1 } as EncoderConfig;
  const shape = { batchSize: 3, sequenceLength: 6, sequencesPerRow: 1, predictions: 4 };
  const views = () => ({
    inputIds: new Int32Array(18).fill(9),
    positionIds: new Int32Array(18).fill(9),
    tokenTypeIds: new Int32Array(18).fill(9),
    attentionBias: new Float32Array(18).fill(9),
    predictionRows: new Int32Array(4).fill(9),
    labels: new Int32Array(4).fill(9),
    labelWeights: new Float32Array(4).fill(9),
  });
  const sequences: Example[] = [
    {
      inputIds: Int32Array.of(0, 4, 6, 2),
      row: 2,
      targets: {
        mlm: { labels: Int32Array.of(7), positions: Int32Array.of(1), weight: 1 },
        category: { labels: Int32Array.of(3), positions: null, weight: 0.5 },
      },
    },
    {
      inputIds: Int32Array.of(0, 8, 9, 4, 5, 2),
      row: -1,
      targets: {
        mlm: { labels: Int32Array.of(5, 6), positions: Int32Array.of(3, 4), weight: 1 },
        category: { labels: Int32Array.of(1), positions: null, weight: 2 },
      },
    },
  ];

  const rows = sequences.map((example) => [example]);

  it('starts positions after the padding index and pads what is left', () => {
    const inputs = views();
    fillMicroBatch(inputs, rows, shape, config, weights(0.25));
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

  it('fills no input that the encoder does not read', () => {
    const { tokenTypeIds, positionIds, ...inputs } = views();
    fillMicroBatch(inputs, rows, shape, { ...config, modelType: 'distilbert' }, weights(1));
    expect([...inputs.inputIds.subarray(0, 4)]).toEqual([0, 4, 6, 2]);
    expect([...tokenTypeIds, ...positionIds].every((value) => value === 9)).toBe(true);
  });

  it('starts positions of BERT at 0', () => {
    const inputs = views();
    fillMicroBatch(
      inputs,
      rows,
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
    expect(() => fillMicroBatch(inputs, rows, shape, config, weights(1))).toThrow(
      'no input labels',
    );
  });

  it('pools by the model’s own weights', () => {
    const weightsBy = (pooling: PoolingName): number[] => {
      const inputs = { ...views(), poolingWeights: new Float32Array(18).fill(9) };
      const tokenWeight = trainingWeight([pooling]);
      fillMicroBatch(inputs, rows, shape, config, { ...weights(1), tokenWeight });
      return [...inputs.poolingWeights.subarray(0, 6)].map((value) => Number(value.toFixed(3)));
    };
    expect(weightsBy('cls')).toEqual([1, 0, 0, 0, 0, 0]);
    expect(weightsBy('lasttoken')).toEqual([0, 0, 0, 1, 0, 0]);
    expect(weightsBy('mean_sqrt_len_tokens')).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0]);
    expect(weightsBy('weightedmean')).toEqual([0.1, 0.2, 0.3, 0.4, 0, 0]);
  });

  it('refuses, by its name, a pooling that is no weighted sum', () => {
    const tiny = parseEncoderConfig({
      ...{ model_type: 'bert', vocab_size: 10, hidden_size: 4, num_hidden_layers: 1 },
      ...{ num_attention_heads: 1, intermediate_size: 4 },
    });
    const build = (poolings: readonly PoolingName[]) =>
      microBatchGraph(tiny, { losses: [categoryClassifier(4, 4)], stepLoss: null }, shape, {
        ...{ purpose: 'train', lowering: 'cpu', dropout: false, lora: null },
        isTrained: () => true,
        poolings,
      });
    expect(build(['cls']).tokenWeight?.(0, 5)).toBe(1);
    expect(() => build(['max'])).toThrow(/the maximum over its tokens, which training cannot/);
    expect(() => build(['cls', 'mean'])).toThrow(/\(CLS\) and the mean over its tokens, which tr/);
    // Masked tokens are not pooled.
    expect(maskedLmGraph(tiny, shape, { lowering: 'cpu', dropout: false }).tokenWeight).toBe(null);
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
      rows,
      shape,
      { ...config, hiddenSize: 2 },
      {
        losses: [maskedTokens, categoryClassifier(4, 2)],
        scales: { mlm: 1, category: 10 },
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

  it('hands every loss the labels as they are, numbers too, and where each sequence stands', () => {
    const labels = Float32Array.of(0.25, -1.5);
    const numbered: Example = {
      inputIds: Int32Array.of(0, 4, 2),
      row: -1,
      targets: { category: { labels, positions: null, weight: 1 } },
    };
    const inputs = { ...views(), numbers: new Float32Array(2) };
    const seen: (readonly [number, number, number])[] = [];
    const loss: Loss = {
      name: 'category',
      parameters: [],
      fits: () => true,
      build() {
        throw new Error('nothing is built here');
      },
      fill(arrays, places, scale) {
        for (const { example, start, sequence } of places) {
          seen.push([start, sequence, scale]);
          const target = example.targets.category!;
          if (example === numbered) inputArray(arrays, 'numbers').set(target.labels);
        }
      },
    };
    const filling = { losses: [loss], scales: { category: 0.5 }, embeddingGradient: null };
    fillMicroBatch(inputs, [[sequences[0]!], [numbered]], shape, config, filling);
    expect(seen).toEqual([
      [0, 0, 0.5],
      [6, 1, 0.5],
    ]);
    expect([...inputs.numbers]).toEqual([0.25, -1.5]);
    expect(numbered.targets.category!.labels).toBe(labels);
  });

  it('puts sequences of a row side by side, each for itself', () => {
    const inputs = {
      inputIds: new Int32Array(24),
      positionIds: new Int32Array(24),
      tokenTypeIds: new Int32Array(24),
      attentionBias: new Float32Array(2 * 12 * 12).fill(9),
      predictionRows: new Int32Array(4),
      labels: new Int32Array(4),
      labelWeights: new Float32Array(4),
      poolingWeights: new Float32Array(2 * 3 * 12).fill(9),
      embeddingGradient: new Float32Array(6).fill(9),
    };
    const [short, long] = [sequences[0]!, sequences[1]!];
    const embeddingGradient = Float32Array.of(1, 2, 3);
    fillMicroBatch(
      inputs,
      [[long, short], [short]],
      { batchSize: 2, sequenceLength: 12, sequencesPerRow: 3, predictions: 4 },
      { ...config, hiddenSize: 1 },
      { ...weights(1), embeddingGradient },
    );
    expect([...inputs.inputIds.subarray(0, 12)]).toEqual([0, 8, 9, 4, 5, 2, 0, 4, 6, 2, 1, 1]);
    expect([...inputs.positionIds.subarray(0, 12)]).toEqual([2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 1, 1]);
    const sees = (row: number, token: number): string =>
      [...inputs.attentionBias.subarray((row * 12 + token) * 12, (row * 12 + token + 1) * 12)]
        .map((bias) => (bias === 0 ? 'x' : '.'))
        .join('');
    expect(sees(0, 0)).toBe('xxxxxx......');
    expect(sees(0, 5)).toBe('xxxxxx......');
    expect(sees(0, 6)).toBe('......xxxx..');
    expect(sees(0, 10)).toBe('............');
    expect(sees(1, 3)).toBe('xxxx........');
    expect([...inputs.predictionRows]).toEqual([3, 4, 7, 13]);
    expect([...inputs.labels]).toEqual([5, 6, 7, 7]);
    const pooled = (place: number): number[] => [
      ...inputs.poolingWeights.subarray(place * 12, (place + 1) * 12),
    ];
    expect(pooled(1)).toEqual([0, 0, 0, 0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0]);
    expect(pooled(2)).toEqual(Array(12).fill(0));
    expect(pooled(3)).toEqual([0.25, 0.25, 0.25, 0.25, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...inputs.embeddingGradient]).toEqual([0, 3, 0, 3, 0, 0]);
  });
});
