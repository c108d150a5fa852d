import { maxLogits } from '../../graph/decoderOps.js';
import type { EncoderConfig } from '../../encoder/config.js';
import { parameterSpecs } from '../../encoder/declarations.js';
import type { GraphPurpose } from '../../objectives/microBatchGraph.js';
import type { MicroBatchShape } from '../../objectives/sampling/sampler.js';

/**
 * Activation memory of one session for a graph of this shape; for training, within a tenth of
 * measurements.
 *
 * @param ownPasses see `microBatchTokens`
 */
export function activationBytes(
  config: EncoderConfig,
  shape: MicroBatchShape,
  purpose: GraphPurpose = 'train',
  ownPasses = 0,
): number {
  const { hiddenLayers, hiddenSize, attentionHeads, vocabularySize } = config;
  const tokens = shape.batchSize * shape.sequenceLength;
  const layer =
    tokens * (12 * hiddenSize + 3 * middleWidth(config)) +
    3 * tokens * shape.sequenceLength * attentionHeads;
  // Many logits exist in parts: see `decoderOps`.
  const predicted = shape.predictions + ownPasses * tokens;
  const logits = Math.min(predicted * vocabularySize, maxLogits);
  const ends = 8 * (1 + ownPasses) * tokens * hiddenSize + 3 * logits;
  // 3 bytes per 4-byte value, since buffers are reused. Without gradients, layers reuse each
  // other's memory.
  const kept = purpose === 'train' ? (1 + ownPasses) * hiddenLayers : Math.min(2, hiddenLayers);
  return 3 * (kept * layer + ends);
}

/** Values per token that the first matrices of a layer's middle give: of gated layers, both parts. */
function middleWidth(config: EncoderConfig): number {
  return parameterSpecs(config, { mlmHead: false })
    .filter(({ layer, loraModules = [] }) => layer === 0 && loraModules.includes('intermediate'))
    .reduce((sum, { shape }) => sum + shape[0]!, 0);
}
