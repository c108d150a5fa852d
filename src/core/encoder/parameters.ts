/**
 * The parameters of an encoder, under Hugging Face's state-dict names, so that export is a copy.
 * Weights of linear layers are [out, in]. The decoder's weight is the table of word embeddings.
 */
import type { Random } from '../base/random.js';
import type { EncoderConfig } from './config.js';
import { familyOf } from './families.js';
import type { ModelType } from './families.js';

export interface ParameterSpec {
  /** Name in the Hugging Face state dict. */
  readonly name: string;
  readonly shape: readonly number[];
  /** `uniform`: Kaiming's, within 1 / sqrt(inputs), as PyTorch starts a linear layer. */
  readonly initial: 'normal' | 'uniform' | 'zeros' | 'ones';
  /** Whether weight decay applies: neither to biases nor to LayerNorm. */
  readonly decay: boolean;
  readonly part: 'encoder' | 'mlmHead' | 'objective' | 'lora';
}

interface Typed {
  readonly modelType: ModelType;
}

/** The tables of words, positions and token types, and the norm after their sum. */
export interface EmbeddingNames {
  readonly words: string;
  readonly positions: string;
  readonly types: string;
  readonly norm: string;
}

export function embeddingNames(config: Typed): EmbeddingNames {
  const prefix = `${familyOf(config).prefix}.embeddings`;
  return {
    words: `${prefix}.word_embeddings.weight`,
    positions: `${prefix}.position_embeddings.weight`,
    types: `${prefix}.token_type_embeddings.weight`,
    norm: `${prefix}.LayerNorm`,
  };
}

/** Prefix of the names of layer `index`, counted from 0. */
export function layerPrefix(config: Typed, index: number): string {
  return `${familyOf(config).prefix}.encoder.layer.${index}`;
}

export function parameterSpecs(
  config: EncoderConfig,
  options: { readonly mlmHead: boolean },
): ParameterSpec[] {
  const { hiddenSize, intermediateSize } = config;
  const names = embeddingNames(config);
  const layers = Array.from({ length: config.hiddenLayers }, (_, i) => layerPrefix(config, i));
  const encoder = [
    table(names.words, config.vocabularySize, hiddenSize),
    table(names.positions, config.maxPositionEmbeddings, hiddenSize),
    table(names.types, config.typeVocabularySize, hiddenSize),
    ...norm(names.norm, hiddenSize, 'encoder'),
    ...layers.flatMap((layer) => [
      ...linear(`${layer}.attention.self.query`, hiddenSize, hiddenSize, 'encoder'),
      ...linear(`${layer}.attention.self.key`, hiddenSize, hiddenSize, 'encoder'),
      ...linear(`${layer}.attention.self.value`, hiddenSize, hiddenSize, 'encoder'),
      ...linear(`${layer}.attention.output.dense`, hiddenSize, hiddenSize, 'encoder'),
      ...norm(`${layer}.attention.output.LayerNorm`, hiddenSize, 'encoder'),
      ...linear(`${layer}.intermediate.dense`, intermediateSize, hiddenSize, 'encoder'),
      ...linear(`${layer}.output.dense`, hiddenSize, intermediateSize, 'encoder'),
      ...norm(`${layer}.output.LayerNorm`, hiddenSize, 'encoder'),
    ]),
  ];
  if (!options.mlmHead) return encoder;
  const { head } = familyOf(config);
  return [
    ...encoder,
    ...linear(head.dense, hiddenSize, hiddenSize, 'mlmHead'),
    ...norm(head.norm, hiddenSize, 'mlmHead'),
    vector(head.bias, config.vocabularySize, 'zeros', 'mlmHead'),
  ];
}

/** Each parameter has a stream of its own, so that one more parameter changes no other. */
export function initialParameters(
  specs: readonly ParameterSpec[],
  config: EncoderConfig,
  random: Random,
): Map<string, Float32Array> {
  return new Map(specs.map((spec) => [spec.name, initialValues(spec, config, random)]));
}

function initialValues(spec: ParameterSpec, config: EncoderConfig, random: Random): Float32Array {
  const count = spec.shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(count);
  if (spec.initial === 'ones') return values.fill(1);
  if (spec.initial === 'zeros') return values;
  const stream = random.fork(spec.name);
  if (spec.initial === 'uniform') {
    const bound = 1 / Math.sqrt(spec.shape.at(-1) ?? 1);
    return values.map(() => bound * (2 * stream.next() - 1));
  }
  for (let i = 0; i < count; i++) values[i] = stream.normal() * config.initializerRange;
  const row = paddingRow(spec.name, config);
  if (row !== null) values.fill(0, row * config.hiddenSize, (row + 1) * config.hiddenSize);
  return values;
}

/** The row of a table that stands for padding; it starts as zeros. */
function paddingRow(table: string, config: EncoderConfig): number | null {
  const { words, positions } = embeddingNames(config);
  if (table === words) return config.padTokenId;
  return table === positions ? familyOf(config).paddingPosition(config) : null;
}

type Part = ParameterSpec['part'];

function table(name: string, height: number, width: number): ParameterSpec {
  return { name, shape: [height, width], initial: 'normal', decay: true, part: 'encoder' };
}

function linear(name: string, outputs: number, inputs: number, part: Part): ParameterSpec[] {
  const shape = [outputs, inputs];
  return [
    { name: `${name}.weight`, shape, initial: 'normal', decay: true, part },
    vector(`${name}.bias`, outputs, 'zeros', part),
  ];
}

function norm(name: string, width: number, part: Part): ParameterSpec[] {
  return [
    vector(`${name}.weight`, width, 'ones', part),
    vector(`${name}.bias`, width, 'zeros', part),
  ];
}

function vector(name: string, width: number, initial: 'zeros' | 'ones', part: Part): ParameterSpec {
  return { name, shape: [width], initial, decay: false, part };
}
