/**
 * An encoder's parameters, under Hugging Face's state-dict names, so that export is a copy.
 * `declarations.ts` lists them for a configuration.
 */
import type { Random } from '../base/random.js';
import type { EncoderConfig } from './config.js';
import type { LoraModule } from './lora.js';

export interface ParameterSpec {
  /** Name in the Hugging Face state dict. */
  readonly name: string;
  /** Weights of linear layers are [out, in]. */
  readonly shape: readonly number[];
  /** A table is looked up by row; a matrix is multiplied by. */
  readonly use: 'table' | 'matrix' | 'vector';
  /** `uniform`: Kaiming's, within 1 / sqrt(inputs), PyTorch's default for linear layers. */
  readonly initial: 'normal' | 'uniform' | 'zeros' | 'ones';
  /** Whether weight decay applies; not to biases or LayerNorm. */
  readonly decay: boolean;
  /** Factor for the learning rate; 1, unless said otherwise. */
  readonly rateFactor?: number;
  readonly part: 'encoder' | 'mlmHead' | 'objective' | 'lora';
  /** 0-based layer; `null` for embeddings and parameters outside the encoder. */
  readonly layer: number | null;
  /**
   * Its low-rank adaptation module; several if it holds the matrices of several, and is adapted as
   * a whole if any of them is; absent if it must not be adapted.
   */
  readonly loraModules?: readonly LoraModule[];
  /** The padding row of a table, initialised to zeros. */
  readonly paddingRow?: number;
  /** Whether some checkpoints lack it, where it counts as zeros. */
  readonly mayBeAbsent?: boolean;
  /** Initialisation in a new head for a model without one; if absent, see `initial`. */
  readonly inNewHead?: 'identity' | 'logFrequencies';
}

/** Each parameter has its own random stream, so adding one does not change the others. */
export function initialParameters(
  specs: readonly ParameterSpec[],
  config: Pick<EncoderConfig, 'initializerRange'>,
  random: Random,
): Map<string, Float32Array> {
  return new Map(specs.map((spec) => [spec.name, initialValues(spec, config, random)]));
}

function initialValues(
  { name, shape, initial, paddingRow }: ParameterSpec,
  config: Pick<EncoderConfig, 'initializerRange'>,
  random: Random,
): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (initial === 'ones') return values.fill(1);
  if (initial === 'zeros') return values;
  const stream = random.fork(name);
  const width = shape.at(-1) ?? 1;
  if (initial === 'uniform') {
    const bound = 1 / Math.sqrt(width);
    return values.map(() => bound * (2 * stream.next() - 1));
  }
  for (let i = 0; i < values.length; i++) values[i] = stream.normal() * config.initializerRange;
  if (paddingRow !== undefined) values.fill(0, paddingRow * width, (paddingRow + 1) * width);
  return values;
}
