/** What a fine-tuned model says of documents: forward passes alone, short documents sharing rows. */
import { failure } from '../../base/errors.js';
import type { PoolingName } from '../../../protocol/catalogue/poolings.js';
import type { Backend, SequenceEmbedding } from '../../backend/backend.js';
import type { Control } from '../../backend/control.js';
import type { EncoderConfig } from '../../encoder/config.js';
import type { LoraSettings } from '../../encoder/lora.js';
import type { SequenceParts } from '../../objectives/sampling/documentSampler.js';
import { layOutSequences } from '../../objectives/sampling/documentSampler.js';
import type { Tokenizer } from '../../tokens/tokenizer.js';
import { microBatchTokens } from '../../train/needs.js';
import { specsOfRun } from '../../train/trainedParameters.js';
import { heads } from './head.js';
import type { LabelsPerDocument } from '../metrics/testSet.js';
import { readSequences } from './sequences.js';

export interface FineTunedModel {
  readonly config: EncoderConfig;
  readonly tokenizer: Tokenizer;
  /** Of the encoder, the head and low-rank adaptation, by name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly poolings: readonly PoolingName[];
  readonly lora: LoraSettings | null;
  readonly labels: LabelsPerDocument;
  readonly classes: number;
  /** Tokens that it reads of a document, special tokens included. */
  readonly maxLength: number;
}

export type ModelShape = Omit<FineTunedModel, 'parameters'>;

export interface PredictOptions extends Control {
  readonly backend: Backend;
  readonly threads: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Predictions {
  /** [documents, classes]; of `one` class, each row sums to 1. */
  readonly probabilities: Float64Array;
  /** Number of documents that were cut to the model's window. */
  readonly cut: number;
}

export async function predict(
  model: FineTunedModel,
  texts: readonly string[],
  options: PredictOptions,
): Promise<Predictions> {
  const { config, tokenizer, parameters, poolings, lora, maxLength } = model;
  const { sequences, cut } = await readSequences(texts, tokenizer, maxLength, options.signal);
  if (sequences.length === 0) return { probabilities: new Float64Array(0), cut };
  const laidOut = layOutToPredict(sequences, model);
  const { threads, backend } = options;
  const specs = specsOfRun(config, { losses: [] }, lora);
  const { shapes } = laidOut;
  const work = { config, lora, poolings, threads, specs, parameters, shapes };
  const embedding = await backend.embed(work);
  try {
    return { probabilities: await classify(embedding, laidOut, model, options), cut };
  } finally {
    await embedding.release();
  }
}

/** Tokens of a micro-batch, where those fit into a second of work. */
const mostTokens = 8192;

export function layOutToPredict(
  sequences: readonly Int32Array[],
  { config, lora, maxLength }: Pick<FineTunedModel, 'config' | 'lora' | 'maxLength'>,
): SequenceParts {
  const specs = specsOfRun(config, { losses: [] }, lora);
  return layOutSequences(sequences, {
    maxLength,
    microBatchTokens: microBatchTokens(specs, mostTokens),
  });
}

/** @returns probabilities [sequences, classes] */
export async function classify(
  embedding: SequenceEmbedding,
  { parts }: SequenceParts,
  model: Pick<FineTunedModel, 'config' | 'parameters' | 'labels' | 'classes'>,
  { onProgress, ...control }: Pick<PredictOptions, 'onProgress' | keyof Control>,
): Promise<Float64Array> {
  const { config, labels, classes } = model;
  const head = heads[labels];
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const probabilities = new Float64Array(total * classes);
  for (const { start, count, step } of parts) {
    const embeddings = new Float32Array(count * config.hiddenSize);
    await embedding.embed(step, embeddings, control, (done) => onProgress?.(start + done, total));
    const weight = model.parameters.get(head.weight)!;
    const bias = model.parameters.get(head.bias)!;
    for (let i = 0; i < count; i++) {
      const of = embeddings.subarray(i * config.hiddenSize, (i + 1) * config.hiddenSize);
      const row = probabilities.subarray((start + i) * classes, (start + i + 1) * classes);
      writeLogits(row, of, weight, bias);
      head.toProbabilities(row);
    }
  }
  if (!probabilities.every(Number.isFinite)) {
    throw failure(
      'The model gives no numbers for some notes: choose another one, or lower its learning rate.',
    );
  }
  return probabilities;
}

/** weight [classes, width] times the embedding [width], plus bias [classes]. */
function writeLogits(
  logits: Float64Array,
  embedding: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
): void {
  const width = embedding.length;
  for (let k = 0; k < logits.length; k++) {
    let sum = bias[k]!;
    for (let i = 0; i < width; i++) sum += weight[k * width + i]! * embedding[i]!;
    logits[k] = sum;
  }
}
