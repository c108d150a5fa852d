/** Against PyTorch in float64; see test/golden/contrastive. */
import { describe, expect, it } from 'vitest';
import { categoryCorrect, categoryLoss } from '../../../src/core/objectives/categoryLoss.js';
import { category, expectGradient, expectLoss, unpack } from './contrastiveGolden.js';
import { devices, evaluateLoss } from './lossHarness.js';

describe.each(devices)('the category classifier ($lowering, $threads threads)', (device) => {
  it.each(category)('agrees with the reference: $name', async (one) => {
    const bias = unpack(one.bias);
    const feeds = {
      embeddings: { shape: [one.labels.length, one.width], data: unpack(one.embeddings) },
      weight: { shape: [bias.length, one.width], data: unpack(one.weight) },
      bias: { shape: [bias.length], data: bias },
      labels: { shape: [one.labels.length], data: Int32Array.from(one.labels) },
      weights: { shape: [one.labels.length], data: Float32Array.from(one.weights) },
    };
    const parts = ['embeddings', 'weight', 'bias'] as const;
    const { loss, gradients } = await evaluateLoss(feeds, parts, categoryLoss, device);
    expectLoss(loss, one.loss);
    expectGradient([gradients['embeddings']!], [unpack(one.gradient)]);
    expectGradient([gradients['weight']!], [unpack(one.weightGradient)]);
    expectGradient([gradients['bias']!], [unpack(one.biasGradient)]);
    const { loss: correct } = await evaluateLoss(feeds, [], categoryCorrect, device);
    // WebGPU has no ArgMax: of equal largest logits, any counts.
    const isTied = device.lowering === 'webgpu' && one.name === 'a head of zeros';
    const all = one.weights.reduce((sum, weight) => sum + weight, 0);
    expect(correct).toBeCloseTo(isTied ? all : one.correct, 6);
  });
});
