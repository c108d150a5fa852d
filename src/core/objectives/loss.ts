/** A loss inside the graph of a micro-batch: a sum over its targets of weight x loss. */
import { lossEntries } from '../../protocol/catalogue/training.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import type { EncoderScope } from '../encoder/scope.js';
import type { ElementType, Value } from '../graph/graph.js';
import type { Example, MicroBatchShape } from './sampling/sampler.js';

export interface Loss {
  readonly name: LossName;
  /** Parameters beside the encoder's and the masked-language-model head's. */
  readonly parameters: readonly ParameterSpec[];
  /** Whether a micro-batch of this shape has room for its targets. */
  fits(shape: MicroBatchShape): boolean;
  build(states: EncodedStates): LossValues;
  /**
   * Fills the inputs that `build` made; what is left over is padding of weight 0.
   *
   * @param scale multiplies the weights of the targets
   */
  fill(inputs: InputArrays, places: readonly SequencePlace[], scale: number): void;
}

/** What the encoder made of a micro-batch, for losses to build on. */
export interface EncodedStates {
  readonly scope: EncoderScope;
  readonly shape: MicroBatchShape;
  /** [batchSize * sequenceLength, hiddenSize] */
  readonly hidden: Value;
  /** Mean over each sequence's tokens: [batchSize * sequencesPerRow, hiddenSize]. */
  readonly pooled: () => Value;
  /** Makes an input of the graph, which `fill` fills. */
  readonly input: (name: string, dtype: ElementType, shape: readonly number[]) => Value;
}

export interface LossValues {
  /** [1] */
  readonly loss: Value;
  /** Sum of the weights of what the model ranks first, [1]; `null` where nothing is ranked. */
  readonly correct: (() => Value) | null;
}

/** By name of the input. */
export type InputArrays = Readonly<Record<string, Float32Array | Int32Array>>;

/** Where a sequence stands in its micro-batch. */
export interface SequencePlace {
  readonly example: Example;
  /** Of its first token, among batchSize * sequenceLength. */
  readonly start: number;
  /** Its number, among batchSize * sequencesPerRow. */
  readonly sequence: number;
}

export function inputArray(inputs: InputArrays, name: string): Float32Array | Int32Array {
  const view = inputs[name];
  if (view === undefined) throw new RangeError(`The graph has no input ${name}.`);
  return view;
}

/** Whether one of these losses reads the masked-language-model head. */
export function usesMlmHead(losses: readonly Pick<Loss, 'name'>[]): boolean {
  return losses.some(({ name }) => lossEntries[name].needsMlmHead);
}
