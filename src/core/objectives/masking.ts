/**
 * Dynamic masking for masked language modelling, as BERT and RoBERTa do it: 15 % of a sequence's
 * tokens are predicted; of these 80 % are masked, 10 % replaced by a random token and 10 % kept.
 */
import type { Random } from '../base/random.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { MicroBatchShape } from './objective.js';

export interface MaskingSettings {
  readonly mlmProbability: number;
  readonly vocabularySize: number;
  readonly maskId: number;
  /** Never predicted, never drawn as a replacement. */
  readonly specialIds: ReadonlySet<number>;
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
  settings: MaskingSettings,
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
  const positions = Int32Array.from(candidates.slice(0, count)).sort();
  const labels = positions.map((position) => ids[position]!);
  const inputIds = ids.slice();
  for (const position of positions) {
    const draw = random.next();
    if (draw < 0.8) inputIds[position] = settings.maskId;
    else if (draw < 0.9) inputIds[position] = ordinaryToken(random, settings);
  }
  return { inputIds, positions, labels };
}

function ordinaryToken(random: Random, settings: MaskingSettings): number {
  for (;;) {
    const id = random.integer(settings.vocabularySize);
    if (!settings.specialIds.has(id)) return id;
  }
}

/** Slots that are enough for the predictions of any such micro-batch. */
export function predictionSlots(
  batchSize: number,
  sequenceLength: number,
  mlmProbability: number,
): number {
  return batchSize * Math.max(1, Math.ceil(mlmProbability * (sequenceLength - 2)));
}

/** Inputs of the graph, by the names in `objective.ts`. */
export type MlmInputs = Readonly<Record<string, Float32Array | Int32Array>>;

/** Fills the inputs; rows and slots that are left over are padding of weight 0. */
export function fillMaskedBatch(
  inputs: MlmInputs,
  sequences: readonly MaskedSequence[],
  shape: MicroBatchShape,
  config: EncoderConfig,
  weight: number,
): void {
  const length = shape.sequenceLength;
  const firstPosition = config.modelType === 'roberta' ? config.padTokenId + 1 : 0;
  const paddedPosition = config.modelType === 'roberta' ? config.padTokenId : 0;
  const inputIds = input(inputs, 'inputIds').fill(config.padTokenId);
  const positionIds = input(inputs, 'positionIds').fill(paddedPosition);
  const attentionBias = input(inputs, 'attentionBias').fill(-1e4);
  const predictionRows = input(inputs, 'predictionRows').fill(0);
  const labels = input(inputs, 'labels').fill(0);
  const labelWeights = input(inputs, 'labelWeights').fill(0);
  input(inputs, 'tokenTypeIds').fill(0);
  let slot = 0;
  sequences.forEach((sequence, row) => {
    const start = row * length;
    const tokens = sequence.inputIds.length;
    inputIds.set(sequence.inputIds, start);
    for (let i = 0; i < tokens; i++) positionIds[start + i] = firstPosition + i;
    attentionBias.fill(0, start, start + tokens);
    labels.set(sequence.labels, slot);
    labelWeights.fill(weight, slot, slot + sequence.positions.length);
    for (const position of sequence.positions) predictionRows[slot++] = start + position;
  });
}

function input(inputs: MlmInputs, name: string): Float32Array | Int32Array {
  const view = inputs[name];
  if (view === undefined) throw new RangeError(`The graph has no input ${name}.`);
  return view;
}
