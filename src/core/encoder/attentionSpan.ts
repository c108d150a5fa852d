import type { EncoderConfig } from './config.js';
import { familyOf } from './familyOf.js';

/**
 * Tokens that a token attends to in a sequence of `length`, summed over the layers: layers with a
 * span read only the tokens near it.
 */
export function attendedTokens(config: EncoderConfig, length: number): number {
  const family = familyOf(config);
  let attended = 0;
  for (let layer = 0; layer < config.hiddenLayers; layer++) {
    const span = family.attentionSpan?.(config, layer) ?? null;
    attended += span === null ? length : Math.min(length, 2 * span + 1);
  }
  return attended;
}
