/**
 * The parameters of an encoder, under Hugging Face's state-dict names, so that export is a copy.
 * Weights of linear layers are [out, in]. The decoder's weight is the table of word embeddings.
 */
import type { Random } from '../base/random.js';
import type { EncoderConfig } from './config.js';

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

export const wordEmbeddings = 'roberta.embeddings.word_embeddings.weight';
export const positionEmbeddings = 'roberta.embeddings.position_embeddings.weight';
export const typeEmbeddings = 'roberta.embeddings.token_type_embeddings.weight';
export const embeddingsNorm = 'roberta.embeddings.LayerNorm';

/** Prefix of the names of layer `index`, counted from 0. */
export function layerPrefix(index: number): string {
  return `roberta.encoder.layer.${index}`;
}

export function parameterSpecs(
  config: EncoderConfig,
  options: { readonly mlmHead: boolean },
): ParameterSpec[] {
  const { hiddenSize, intermediateSize } = config;
  const encoder = [
    table(wordEmbeddings, config.vocabularySize, hiddenSize),
    table(positionEmbeddings, config.maxPositionEmbeddings, hiddenSize),
    table(typeEmbeddings, config.typeVocabularySize, hiddenSize),
    ...norm(embeddingsNorm, hiddenSize, 'encoder'),
    ...Array.from({ length: config.hiddenLayers }, (_, i) => layerPrefix(i)).flatMap((layer) => [
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
  return [
    ...encoder,
    ...linear('lm_head.dense', hiddenSize, hiddenSize, 'mlmHead'),
    ...norm('lm_head.layer_norm', hiddenSize, 'mlmHead'),
    vector('lm_head.bias', config.vocabularySize, 'zeros', 'mlmHead'),
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
  if (spec.name === wordEmbeddings || spec.name === positionEmbeddings) {
    const start = config.padTokenId * config.hiddenSize;
    values.fill(0, start, start + config.hiddenSize);
  }
  return values;
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
