/** Embeds passages: tokenizes, sorts by length, and runs the model's ONNX graph in batches. */
import type { DeviceFor } from '../../protocol/catalogue/devices.js';
import { failure, throwIfAborted } from '../base/errors.js';
import { longestSequence } from '../encoder/positions.js';
import { createSession } from '../graph/session.js';
import { ensureOnnx } from '../model/ensureOnnx.js';
import { modelHash } from '../model/modelFiles.js';
import { readModelConfig } from '../model/readModelConfig.js';
import { readTokenizer } from '../model/readTokenizer.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { planBatches } from './planBatches.js';
import type { EmbeddingBatch } from './planBatches.js';
import { rowsAtOnce } from './rowsAtOnce.js';

export interface EmbedderOptions {
  readonly modelFolder: string;
  /** Folder for ONNX files that model folders lack. */
  readonly cacheFolder: string;
  readonly device: DeviceFor<'embed'>;
  readonly threads: number;
}

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Embedded {
  /**
   * [texts, dimension], not normalised: mean over all tokens of a text, special tokens included.
   */
  readonly vectors: Float32Array;
  /** Number of tokens embedded of each text, excluding special tokens. */
  readonly tokens: Int32Array;
}

export interface Embedder {
  readonly dimension: number;
  readonly modelFolder: string;
  readonly modelHash: string;
  /** Longest input in tokens, special tokens included; longer texts are truncated. */
  readonly maxTokens: number;
  readonly tokenizer: Tokenizer;
  embedPassages(texts: readonly string[], options?: EmbedOptions): Promise<Embedded>;
  release(): Promise<void>;
}

export async function createEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { modelFolder, device } = options;
  const { config } = await readModelConfig(modelFolder);
  const tokenizer = await readTokenizer(modelFolder, config);
  const onnx = await ensureOnnx(modelFolder, options.cacheFolder, device);
  const session = await createSession(onnx, { device, threads: options.threads });
  const dimension = config.hiddenSize;
  const maxTokens = longestSequence(config);

  async function run(
    batch: EmbeddingBatch,
    sequences: readonly Int32Array[],
  ): Promise<Float32Array> {
    const { rows, sequenceLength } = batch;
    const size = rows.length * sequenceLength;
    const inputIds = new Int32Array(size).fill(config.padTokenId);
    const attentionMask = new Int32Array(size);
    rows.forEach((row, i) => {
      const sequence = sequences[row]!;
      inputIds.set(sequence, i * sequenceLength);
      attentionMask.fill(1, i * sequenceLength, i * sequenceLength + sequence.length);
    });
    const shape = [rows.length, sequenceLength];
    // WebGPU has no int64, which Hugging Face's exports use.
    const tensor = (data: Int32Array) =>
      device === 'webgpu'
        ? { dtype: 'int32' as const, data, shape }
        : { dtype: 'int64' as const, data: BigInt64Array.from(data, BigInt), shape };
    const vectors = new Float32Array(rows.length * dimension);
    await session.run(
      { input_ids: tensor(inputIds), attention_mask: tensor(attentionMask) },
      {
        sentence_embedding: {
          dtype: 'float32',
          data: vectors,
          shape: [rows.length, dimension],
        },
      },
    );
    return vectors;
  }

  return {
    dimension,
    modelFolder,
    modelHash: await modelHash(modelFolder),
    maxTokens,
    tokenizer,
    async embedPassages(texts, { signal, onProgress } = {}) {
      const { cls, sep } = tokenizer.special;
      const sequences = texts.map((text) => {
        const ids = tokenizer.encode(text).subarray(0, maxTokens - 2);
        return Int32Array.of(cls, ...ids, sep);
      });
      const vectors = new Float32Array(texts.length * dimension);
      let done = 0;
      for (const batch of planBatches(sequences, rowsAtOnce(config), maxTokens)) {
        throwIfAborted(signal);
        const found = await run(batch, sequences);
        batch.rows.forEach((row, i) => {
          vectors.set(found.subarray(i * dimension, (i + 1) * dimension), row * dimension);
        });
        done += batch.rows.length;
        onProgress?.(done, texts.length);
        // A run blocks this process: yield, to handle messages and signals.
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!vectors.every(Number.isFinite)) {
        throw failure(`The model ${modelFolder} gives no numbers for some notes: train it anew.`);
      }
      return { vectors, tokens: Int32Array.from(sequences, (ids) => ids.length - 2) };
    },
    release: () => session.release(),
  };
}
