import type { EncoderConfig } from '../../encoder/config.js';
import type { GraphPurpose } from '../../objectives/microBatchGraph.js';
import type { MicroBatchShape } from '../../objectives/sampling/sampler.js';

/** Activations that one session keeps for a graph of this shape; measured to a tenth for training. */
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
  // Of the four bytes a value, a quarter is saved by buffers that are used again.
  // Without gradients a layer's values make room for the next one's.
  const kept = purpose === 'train' ? hiddenLayers : Math.min(2, hiddenLayers);
  return 3 * (kept * layer + ends);
}
