/**
 * Dynamic masking for masked language modelling, as in BERT and RoBERTa: selects a share of a
 * sequence's tokens (`mlmProbability`) for prediction; of these, 80 % are masked, 10 % replaced by
 * a random token and 10 % kept.
 */
import type { Random } from '../../base/random.js';

/** Ids and settings for masking. */
export interface TokenMasking {
  readonly mlmProbability: number;
  readonly vocabularySize: number;
  readonly maskId: number;
  /** Never predicted, and never drawn as a replacement. */
  readonly specialIds: ReadonlySet<number>;
}

export interface MaskingSettings extends TokenMasking {
  /** Whether a token starts a word, for whole-word masking; `null` to mask tokens independently. */
  readonly isWordStart: ((id: number) => boolean) | null;
}

export interface MaskedSequence {
  /** After masking, special tokens included. */
  readonly inputIds: Int32Array;
  /** Predicted places in `inputIds`, ascending. */
  readonly positions: Int32Array;
  /** The original ids at those places. */
  readonly labels: Int32Array;
}

/**
 * Meets the share of predicted tokens exactly on average, by rounding their number up or down at
 * random. A sequence with any ordinary token has at least one prediction, so that short notes
 * contribute.
 */
export function maskSequence(
  ids: Int32Array,
  random: Random,
  settings: TokenMasking,
): MaskedSequence {
  const candidates: number[] = [];
  ids.forEach((id, position) => {
    if (!settings.specialIds.has(id)) candidates.push(position);
  });
  const wanted = Math.floor(settings.mlmProbability * candidates.length + random.next());
  const count = Math.min(candidates.length, Math.max(1, wanted));
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(candidates.length - i);
    [candidates[i], candidates[j]] = [candidates[j]!, candidates[i]!];
  }
  return maskAt(ids, Int32Array.from(candidates.slice(0, count)).sort(), random, settings);
}

/**
 * Masks, replaces or keeps each of the tokens at `positions` (ascending) independently, as in the
 * code of BERT and of transformers.
 */
export function maskAt(
  ids: Int32Array,
  positions: Int32Array,
  random: Random,
  settings: TokenMasking,
): MaskedSequence {
  const labels = positions.map((position) => ids[position]!);
  const inputIds = ids.slice();
  for (const position of positions) {
    const draw = random.next();
    if (draw < 0.8) inputIds[position] = settings.maskId;
    else if (draw < 0.9) inputIds[position] = ordinaryToken(random, settings);
  }
  return { inputIds, positions, labels };
}

function ordinaryToken(random: Random, settings: TokenMasking): number {
  for (;;) {
    const id = random.integer(settings.vocabularySize);
    if (!settings.specialIds.has(id)) return id;
  }
}

/** Maximum number of predictions in a sequence of this length, special tokens included. */
export function predictionSlots(sequenceLength: number, mlmProbability: number): number {
  return Math.max(1, Math.ceil(mlmProbability * (sequenceLength - 2)));
}
