import { describe, expect, it } from 'vitest';
import { activationBytes } from '../../../../src/core/backend/cpu/activationBytes.js';
import { toyConfig } from '../../train/toyCorpus.js';

const small = {
  ...toyConfig,
  vocabularySize: 8192,
  hiddenSize: 256,
  hiddenLayers: 4,
  attentionHeads: 4,
  intermediateSize: 1024,
  maxPositionEmbeddings: 514,
};

describe('activationBytes', () => {
  // Resident memory that a first run added, Linux x64, ONNX Runtime 1.30.0.
  it.each([
    [64, 32, 188e6],
    [16, 128, 220e6],
    [4, 512, 336e6],
    [64, 128, 878e6],
  ])('of %i sequences of %i agrees with what was measured', (batchSize, sequenceLength, bytes) => {
    const predictions = batchSize * Math.ceil(0.15 * (sequenceLength - 2));
    const estimate = activationBytes(small, {
      batchSize,
      sequenceLength,
      sequencesPerRow: 1,
      predictions,
    });
    expect(Math.abs(estimate / bytes - 1)).toBeLessThan(0.1);
  });
});
