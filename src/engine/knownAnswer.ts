/**
 * A tiny model with reference results from another program in float64 (test/golden/knownAnswer): a
 * provider must reproduce them to be trusted. All tokens are equal, apart from padding, because one
 * provider was seen to lose updates of repeated rows.
 */
import type { EncoderConfig } from '../core/encoder/config.js';
import { parameterSpecs } from '../core/encoder/declarations.js';
import type { ParameterSpec } from '../core/encoder/parameters.js';
import { createSession } from '../core/graph/session.js';
import type { HostTensor } from '../core/graph/session.js';
import type { Device } from '../protocol/catalogue/devices.js';
import { exportOnnx } from '../core/model/exportOnnx.js';
import { maskedLmGraph } from '../core/objectives/microBatchGraph.js';
import answers from './knownAnswers.json' with { type: 'json' };

const batchSize = 8;
const sequenceLength = 64;
/** Number of tokens in example 1; the rest is padding. The other examples are full. */
const shortLength = 48;
const predictions = 96;
const usedPredictions = 90;
const token = 7;

export const knownConfig: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: 40,
  hiddenSize: 16,
  hiddenLayers: 2,
  attentionHeads: 2,
  intermediateSize: 32,
  activation: 'gelu',
  maxPositionEmbeddings: 66,
  typeVocabularySize: 1,
  padTokenId: 1,
  layerNormEps: 1e-5,
  hiddenDropout: 0,
  attentionDropout: 0,
  initializerRange: 0.02,
};

/** Of the training step. */
export const knownShape = { batchSize, sequenceLength, sequencesPerRow: 1, predictions };

export function knownParameters(): Map<string, Float32Array> {
  const specs = parameterSpecs(knownConfig, { mlmHead: true });
  return new Map(specs.map((spec, t) => [spec.name, wave(spec, t)]));
}

function wave({ shape, initial }: ParameterSpec, t: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const value = Math.sin(0.7 * i + 1.3 * t);
    return initial === 'ones' ? 1 + 0.1 * value : 0.2 * value;
  });
}

/** One training step on the CPU: the largest relative error of the loss and of every gradient. */
export async function trainingStepError(threads: number): Promise<number> {
  const graph = maskedLmGraph(knownConfig, knownShape, { lowering: 'cpu', dropout: false });
  const feeds: Record<string, HostTensor> = { ...trainingInputs() };
  const shapes = new Map<string, readonly number[]>();
  const parameters = knownParameters();
  for (const { name, shape: size } of parameterSpecs(knownConfig, { mlmHead: true })) {
    shapes.set(name, size);
    feeds[name] = { dtype: 'float32', data: parameters.get(name)!, shape: size };
  }
  const outputs: Record<string, HostTensor> = {};
  for (const gradient of graph.gradients) {
    const size = gradient.kind === 'rows' ? gradient.shape : shapes.get(gradient.parameter)!;
    outputs[gradient.output] = zeros(size);
    if (gradient.kind === 'dense') feeds[gradient.accumulator] = zeros(size);
  }
  const lossOutput = graph.losses[0]!.output;
  outputs[lossOutput] = zeros([1]);
  const session = await createSession(graph.bytes, { device: 'cpu', threads });
  try {
    await session.run(feeds, outputs);
  } finally {
    await session.release();
  }
  const gradients = new Map<string, Float32Array>();
  for (const gradient of graph.gradients) {
    const { parameter } = gradient;
    const sum = gradients.get(parameter) ?? new Float32Array(sizeOf(shapes.get(parameter)!));
    gradients.set(parameter, sum);
    const values = outputs[gradient.output]!.data as Float32Array;
    if (gradient.kind === 'dense') values.forEach((value, i) => (sum[i]! += value));
    else addRows(sum, values, gradient.shape, feeds[gradient.rows]!.data as Int32Array);
  }
  return stepError((outputs[lossOutput].data as Float32Array)[0]!, gradients);
}

/**
 * The largest relative error of a training step's loss and gradients. Skips the key bias: its true
 * gradient is 0, so it has no relative error.
 */
export function stepError(loss: number, gradients: ReadonlyMap<string, Float32Array>): number {
  const ofLoss = Math.abs(loss / answers.loss - 1);
  let worst = Number.isFinite(ofLoss) ? ofLoss : Infinity;
  for (const { name, norm, signed } of answers.gradients) {
    if (norm < 1e-9) continue;
    const gradient = gradients.get(name);
    if (gradient === undefined) return Infinity;
    const found = gradient.reduce((sum, value, i) => sum + (i % 3 === 0 ? -value : value), 0);
    const error = Math.abs(found - signed) / norm;
    worst = Math.max(worst, Number.isFinite(error) ? error : Infinity);
  }
  return worst;
}

function addRows(
  sum: Float32Array,
  values: Float32Array,
  [count, width]: readonly [number, number],
  rows: Int32Array,
): void {
  for (let row = 0; row < count; row++) {
    const target = rows[row]! * width;
    for (let i = 0; i < width; i++) sum[target + i]! += values[row * width + i]!;
  }
}

export function trainingInputs(): Record<string, HostTensor> {
  const size = batchSize * sequenceLength;
  const lengthOf = (example: number): number => (example === 1 ? shortLength : sequenceLength);
  const isPadding = (i: number): boolean =>
    i % sequenceLength >= lengthOf(Math.floor(i / sequenceLength));
  const int32 = (length: number, value: (i: number) => number): HostTensor => ({
    dtype: 'int32',
    data: Int32Array.from({ length }, (_, i) => value(i)),
    shape: [length],
  });
  const { padTokenId } = knownConfig;
  return {
    inputIds: int32(size, (i) => (isPadding(i) ? padTokenId : token)),
    positionIds: int32(size, (i) =>
      isPadding(i) ? padTokenId : padTokenId + 1 + (i % sequenceLength),
    ),
    tokenTypeIds: int32(size, () => 0),
    attentionBias: {
      dtype: 'float32',
      data: Float32Array.from({ length: size }, (_, i) => (isPadding(i) ? -1e4 : 0)),
      shape: [batchSize, 1, 1, sequenceLength],
    },
    predictionRows: int32(predictions, (slot) => (slot * 5) % size),
    labels: int32(predictions, (slot) => 5 + (slot % 33)),
    labelWeights: {
      dtype: 'float32',
      data: Float32Array.from({ length: predictions }, (_, slot) =>
        slot < usedPredictions ? 1 / usedPredictions : 0,
      ),
      shape: [predictions],
    },
  };
}

export interface EmbeddingErrorOptions {
  /** Fails instead of falling back to the CPU for ops that the device lacks. */
  readonly forbidFallback?: boolean;
}

/** Two notes of equal tokens, one padded: the largest error relative to the largest value. */
export async function embeddingError(
  device: Device,
  threads: number,
  options: EmbeddingErrorOptions = {},
): Promise<number> {
  const lowering = device === 'webgpu' ? 'webgpu' : 'cpu';
  const model = exportOnnx(knownConfig, knownParameters(), { lowering });
  const session = await createSession(model, { device, threads, ...options });
  const mask = Int32Array.from({ length: 2 * sequenceLength }, (_, i) =>
    i < sequenceLength + shortLength ? 1 : 0,
  );
  const ids = mask.map((present) => (present === 1 ? token : knownConfig.padTokenId));
  const tensor = (data: Int32Array): HostTensor => {
    const shape = [2, sequenceLength];
    if (lowering === 'webgpu') return { dtype: 'int32', data, shape };
    return { dtype: 'int64', data: BigInt64Array.from(data, BigInt), shape };
  };
  const output = zeros([2, knownConfig.hiddenSize]);
  try {
    await session.run(
      { input_ids: tensor(ids), attention_mask: tensor(mask) },
      { sentence_embedding: output },
    );
  } finally {
    await session.release();
  }
  const expected = answers.embeddings.flat();
  const largest = Math.max(...expected.map(Math.abs));
  const errors = expected.map((value, i) => Math.abs((output.data as Float32Array)[i]! - value));
  const worst = Math.max(...errors) / largest;
  return Number.isFinite(worst) ? worst : Infinity;
}

function zeros(shape: readonly number[]): HostTensor {
  return { dtype: 'float32', data: new Float32Array(sizeOf(shape)), shape };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
