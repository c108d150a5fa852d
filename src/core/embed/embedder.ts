/** Embeds passages: tokenizes, sorts by length, and runs the model's ONNX graph in batches. */
import type { DeviceFor } from '../../protocol/catalogue/devices.js';
import { failure, throwIfAborted } from '../base/errors.js';
import { createSession } from '../graph/session.js';
import type { HostTensor } from '../graph/session.js';
import { embeddingHash } from '../model/embeddingHash.js';
import { ensureOnnx } from '../model/ensureOnnx.js';
import { onnxNames } from '../model/exportOnnx.js';
import { resolvePrompts } from '../model/prompts.js';
import type { EmbeddedAs, GivenPrompts, Prompts } from '../model/prompts.js';
import { readModelConfig } from '../model/readModelConfig.js';
import { readTokenizer } from '../model/readTokenizer.js';
import { averagesTokens, endsNormalised, layeredWidth } from '../model/sentenceEmbedding.js';
import type { SentenceEmbedding } from '../model/sentenceEmbedding.js';
import { readSentenceEmbedding } from '../model/sentenceTransformers.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { normalised } from './documentVector.js';
import type { DocumentMean } from './documentVector.js';
import { planBatches } from './planBatches.js';
import type { EmbeddingBatch } from './planBatches.js';
import { rowsAtOnce } from './rowsAtOnce.js';

export interface EmbedderOptions {
  readonly modelFolder: string;
  /** Folder for ONNX files that model folders lack. */
  readonly cacheFolder: string;
  readonly device: DeviceFor<'embed'>;
  readonly threads: number;
  /** Used where the model's folder has none. */
  readonly prompts?: GivenPrompts | undefined;
}

export interface EmbedOptions {
  /** Which prompt comes before the texts; a document's, unless said otherwise. */
  readonly as?: EmbeddedAs | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Embedded {
  /**
   * [texts, dimension]: of unit length, or, if `documentMean` is over tokens, what the model gives
   * before it normalises.
   */
  readonly vectors: Float32Array;
  /** Number of tokens embedded of each text, excluding special tokens and the prompt. */
  readonly tokens: Int32Array;
}

export interface Embedder {
  readonly dimension: number;
  readonly modelFolder: string;
  /** Of the model, and of how it embeds documents: pooling, window, prompt. */
  readonly modelHash: string;
  /** Longest input in tokens, special tokens and prompt included; longer texts are truncated. */
  readonly maxTokens: number;
  readonly prompts: Prompts;
  /** How a note's vector is averaged from those of its passages. */
  readonly documentMean: DocumentMean;
  readonly tokenizer: Tokenizer;
  embedPassages(texts: readonly string[], options?: EmbedOptions): Promise<Embedded>;
  release(): Promise<void>;
}

export async function createEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { modelFolder, device } = options;
  const { config } = await readModelConfig(modelFolder);
  const sentence = await readSentenceEmbedding(modelFolder, config);
  const prompts = resolvePrompts(sentence.prompts, options.prompts);
  const tokenizer = await readTokenizer(modelFolder, config);
  const onnx = await ensureOnnx(modelFolder, options.cacheFolder, device);
  const session = await createSession(onnx, { device, threads: options.threads });
  const { maxTokens } = sentence;
  const width = layeredWidth(sentence, config);
  const dimension = sentence.truncatedTo ?? width;
  const documentMean = averagesTokens(sentence) ? 'tokens' : 'passages';
  const output =
    documentMean === 'tokens' && endsNormalised(sentence.layers)
      ? onnxNames.unnormalised
      : onnxNames.sentence;

  async function run(
    batch: EmbeddingBatch,
    sequences: readonly Int32Array[],
    /** Number of first tokens that are not pooled. */
    unpooled: number,
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
    const feeds: Record<string, HostTensor> = {
      input_ids: tensor(inputIds),
      attention_mask: tensor(attentionMask),
    };
    if (!sentence.includePrompt) {
      const isPrompt = (place: number): boolean => place % sequenceLength < unpooled;
      feeds[onnxNames.poolingMask] = tensor(
        attentionMask.map((one, place) => (isPrompt(place) ? 0 : one)),
      );
    }
    const data = new Float32Array(rows.length * width);
    await session.run(feeds, {
      [output]: { dtype: 'float32', data, shape: [rows.length, width] },
    });
    return data;
  }

  return {
    dimension,
    modelFolder,
    modelHash: await embeddingHash(modelFolder, config, sentence, prompts.document),
    maxTokens,
    prompts,
    documentMean,
    tokenizer,
    async embedPassages(texts, { as = 'document', signal, onProgress } = {}) {
      const { cls, sep } = tokenizer.special;
      const prompt = prompts[as];
      const sequences = texts.map((text) => {
        const ids = tokenizer.encode(prompt + text).subarray(0, maxTokens - 2);
        return Int32Array.of(cls, ...ids, sep);
      });
      const unpooled = unpooledTokens(sentence, tokenizer, prompt);
      const vectors = new Float32Array(texts.length * dimension);
      let done = 0;
      for (const batch of planBatches(sequences, rowsAtOnce(config), maxTokens)) {
        throwIfAborted(signal);
        const found = await run(batch, sequences, unpooled);
        batch.rows.forEach((row, i) => {
          const vector = found.subarray(i * width, i * width + dimension);
          vectors.set(documentMean === 'tokens' ? vector : normalised(vector), row * dimension);
        });
        done += batch.rows.length;
        onProgress?.(done, texts.length);
        // A run blocks this process: yield, to handle messages and signals.
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!vectors.every(Number.isFinite)) {
        throw failure(`The model ${modelFolder} gives no numbers for some notes: train it anew.`);
      }
      const tokens = sequences.map((ids, i) =>
        prompt === '' ? ids.length - 2 : tokenizer.countTokens(texts[i]!),
      );
      return { vectors, tokens: Int32Array.from(tokens) };
    },
    release: () => session.release(),
  };
}

/**
 * As sentence-transformers counts them: a prompt's tokens alone, with the special token before it.
 */
function unpooledTokens(
  { includePrompt }: SentenceEmbedding,
  tokenizer: Tokenizer,
  prompt: string,
): number {
  return includePrompt || prompt === '' ? 0 : 1 + tokenizer.countTokens(prompt);
}
