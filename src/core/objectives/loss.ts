/** A loss in a micro-batch's graph: the sum of weight x loss over its targets. */
import { lossEntries } from '../../protocol/catalogue/training.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { EncoderScope } from '../encoder/scope.js';
import type { ElementType, Value } from '../graph/graph.js';
import type { Example, MicroBatchShape } from './sampling/sampler.js';

export interface Loss {
  readonly name: LossName;
  /** Parameters other than those of the encoder and the masked-language-model head. */
  readonly parameters: readonly ParameterSpec[];
  /** Whether a micro-batch of this shape has room for its targets. */
  fits(shape: MicroBatchShape): boolean;
  build(states: EncodedStates): LossValues;
  /**
   * Fills the inputs that `build` made; unused slots are padding with weight 0.
   *
   * @param scale factor for the weights of the targets
   */
  fill(
    inputs: InputArrays,
    places: readonly SequencePlace[],
    scale: number,
    shape: MicroBatchShape,
  ): void;
  /**
   * Tokens of a sequence in this loss's own pass through the layers, such as a decoder's, after
   * which every token is predicted; absent if it reads the encoder's output alone.
   */
  readonly passes?: (example: Example) => number;
}

/** The encoder's output for a micro-batch, as input for losses. */
export interface EncodedStates {
  readonly scope: EncoderScope;
  readonly shape: MicroBatchShape;
  /** [batchSize * sequenceLength, hiddenSize] */
  readonly hidden: Value;
  /**
   * Each sequence's tokens pooled as the model pools them, unnormalised and before any further
   * layer: [batchSize * sequencesPerRow, hiddenSize].
   */
  readonly pooled: () => Value;
  /** Adds an input to the graph, for `fill` to fill. */
  readonly input: (name: string, dtype: ElementType, shape: readonly number[]) => Value;
}

export interface LossValues {
  /** [1] */
  readonly loss: Value;
  /**
   * Sum of the weights of the targets that the model ranks first, [1]; `null` if nothing is ranked.
   */
  readonly correct: (() => Value) | null;
}

/** By input name. */
export type InputArrays = Readonly<Record<string, Float32Array | Int32Array>>;

/** A sequence's place in its micro-batch. */
export interface SequencePlace {
  readonly example: Example;
  /** Index of its first token, among batchSize * sequenceLength. */
  readonly start: number;
  /** Its index, among batchSize * sequencesPerRow. */
  readonly sequence: number;
}

export function inputArray(inputs: InputArrays, name: string): Float32Array | Int32Array {
  const view = inputs[name];
  if (view === undefined) throw new RangeError(`The graph has no input ${name}.`);
  return view;
}

/** Whether any of these losses uses the masked-language-model head. */
export function usesMlmHead(losses: readonly Pick<Loss, 'name'>[]): boolean {
  return losses.some(({ name }) => lossEntries[name].needsMlmHead);
}

/** Number of passes through the layers after the encoder's own. */
export function ownPasses(losses: readonly Pick<Loss, 'passes'>[]): number {
  return losses.filter(({ passes }) => passes !== undefined).length;
}
