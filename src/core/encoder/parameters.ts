/**
 * The parameters of an encoder, under Hugging Face's state-dict names, so that export is a copy.
 * `declarations.ts` lists those of a configuration.
 */
import type { Random } from '../base/random.js';
import type { EncoderConfig } from './config.js';
import type { LoraModule } from './lora.js';

export interface ParameterSpec {
  /** Name in the Hugging Face state dict. */
  readonly name: string;
  /** Weights of linear layers are [out, in]. */
  readonly shape: readonly number[];
  /** A table is looked up by row; a matrix is multiplied with. */
  readonly use: 'table' | 'matrix' | 'vector';
  /** `uniform`: Kaiming's, within 1 / sqrt(inputs), as PyTorch starts a linear layer. */
  readonly initial: 'normal' | 'uniform' | 'zeros' | 'ones';
  /** Whether weight decay applies: neither to biases nor to LayerNorm. */
  readonly decay: boolean;
  readonly part: 'encoder' | 'mlmHead' | 'objective' | 'lora';
  /** The layer that it belongs to, counted from 0; `null` for the embeddings and outside the encoder. */
  readonly layer: number | null;
  /** What low-rank adaptation calls this matrix; absent where it may not be adapted. */
  readonly loraModule?: LoraModule;
  /** Row of a table that stands for padding; it starts as zeros. */
  readonly paddingRow?: number;
  /** How it starts in a head that a model is given because it came without one; absent: see `initial`. */
  readonly inNewHead?: 'identity' | 'logFrequencies';
}

/** Each parameter has a stream of its own, so that one more parameter changes no other. */
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
