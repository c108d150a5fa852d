/**
 * Merges a trained model with the one that it started from, tensor by tensor: start + ratio x
 * (trained - start), as in weight-space ensembles (Wortsman et al., "Robust fine-tuning of zero-shot
 * models", CVPR 2022).
 */
import type { EncoderConfig } from '../encoder/config.js';
import { parameterSpecs } from '../encoder/declarations.js';

/** Shares of the trained model that are tried beside the trained model itself. */
export const autoRatios = [0.25, 0.5, 0.75];

/** Held-out losses within this factor of the lowest are as good as it. */
const tolerance = 1.02;

/**
 * @param start a plain model; by name, not modified
 * @param trained the same model after training, low-rank factors merged; parameters of objectives
 * are kept as they are
 * @param ratio share of the trained model; computed in float64 and rounded once
 */
export function mergeModels(
  config: EncoderConfig,
  start: ReadonlyMap<string, Float32Array>,
  trained: ReadonlyMap<string, Float32Array>,
  ratio: number,
): Map<string, Float32Array> {
  const merged = new Map(trained);
  for (const { name } of parameterSpecs(config, { mlmHead: true })) {
    const [from, to] = [start.get(name), trained.get(name)];
    if (from === undefined || to === undefined || from === to) continue;
    const values = new Float32Array(to.length);
    for (let i = 0; i < values.length; i++) values[i] = from[i]! + ratio * (to[i]! - from[i]!);
    merged.set(name, values);
  }
  return merged;
}

export interface MergeCandidate {
  /** Share of the trained model; 1 is the trained model itself. */
  readonly ratio: number;
  readonly heldOutLoss: number;
  /** Share of validation notes with the right nearest neighbour; `null` if not measured. */
  readonly neighbours: number | null;
}

export interface MergeResult {
  /** That of the model that the run gives. */
  readonly ratio: number;
  /** The trained model first. */
  readonly candidates: readonly MergeCandidate[];
}

/**
 * The candidate with the best neighbours of those whose held-out loss is within 2 % of the lowest;
 * among equals, that with the lower loss.
 */
export function bestCandidate(candidates: readonly MergeCandidate[]): MergeCandidate {
  const lowest = Math.min(...candidates.map(({ heldOutLoss }) => heldOutLoss));
  const [best] = candidates
    .filter(({ heldOutLoss }) => heldOutLoss <= tolerance * lowest)
    .sort((a, b) => (b.neighbours ?? 0) - (a.neighbours ?? 0) || a.heldOutLoss - b.heldOutLoss);
  if (best === undefined) throw new RangeError('There is no model to choose from.');
  return best;
}
