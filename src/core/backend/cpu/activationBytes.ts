import type { EncoderConfig } from '../../encoder/config.js';
import type { GraphPurpose } from '../../objectives/microBatchGraph.js';
import type { MicroBatchShape } from '../../objectives/sampling/sampler.js';

/**
 * Activation memory of one session for a graph of this shape; for training, within a tenth of
 * measurements.
 */
export function activationBytes(
  config: EncoderConfig,
  shape: MicroBatchShape,
  purpose: GraphPurpose = 'train',
): number {
  const { hiddenLayers, hiddenSize, intermediateSize, attentionHeads, vocabularySize } = config;
  const tokens = shape.batchSize * shape.sequenceLength;
  const layer =
    tokens * (12 * hiddenSize + 3 * intermediateSize) +
    3 * tokens * shape.sequenceLength * attentionHeads;
  const ends = 8 * tokens * hiddenSize + 3 * shape.predictions * vocabularySize;
  // 3 bytes per 4-byte value, since buffers are reused. Without gradients, layers reuse each
  // other's memory.
  const kept = purpose === 'train' ? hiddenLayers : Math.min(2, hiddenLayers);
  return 3 * (kept * layer + ends);
}
