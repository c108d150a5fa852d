/**
 * Dynamic masking for masked language modelling, as BERT and RoBERTa do it: 15 % of a sequence's
 * tokens are predicted; of these 80 % are masked, 10 % replaced by a random token and 10 % kept.
 */
import type { Random } from '../../base/random.js';

/** What tokens are masked with. */
export interface TokenMasking {
  readonly mlmProbability: number;
  readonly vocabularySize: number;
  readonly maskId: number;
  /** Never predicted, never drawn as a replacement. */
  readonly specialIds: ReadonlySet<number>;
}

export interface MaskingSettings extends TokenMasking {
  /** Says where words begin, when all tokens of a word are to be masked together. */
  readonly isWordStart: ((id: number) => boolean) | null;
}

export interface MaskedSequence {
  /** After masking, special tokens included. */
  readonly inputIds: Int32Array;
  /** Places in `inputIds` that are predicted, ascending. */
  readonly positions: Int32Array;
  /** The ids that stood there. */
  readonly labels: Int32Array;
}

/**
 * The share of predicted tokens is met exactly in the mean: the number is rounded up or down at random.
 * A sequence with any ordinary token has at least one, so that short notes teach too.
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
 * Masks, replaces or keeps the tokens at `positions`, which are ascending. Each is decided by itself, in
 * BERT's code as in transformers'.
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

/** The most predictions that a sequence of so many tokens may have, special tokens included. */
export function predictionSlots(sequenceLength: number, mlmProbability: number): number {
  return Math.max(1, Math.ceil(mlmProbability * (sequenceLength - 2)));
}
