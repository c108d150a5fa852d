/** Embeds query texts with the model that the store was built with. */
import { hashText } from '../../core/base/hash.js';
import { throwIfAborted, usageError } from '../../core/base/errors.js';
import { cutForModel } from '../../core/embed/cutForModel.js';
import { documentVector } from '../../core/embed/documentVector.js';
import { createEmbedder } from '../../core/embed/embedder.js';
import type { Embedder } from '../../core/embed/embedder.js';
import { promptsOfIndex } from '../../core/index/manifest.js';
import { checkStoreModel } from '../../core/index/store.js';
import type { Store } from '../../core/index/store.js';
import { embeddingHash } from '../../core/model/embeddingHash.js';
import { resolvePrompts } from '../../core/model/prompts.js';
import type { EmbeddedAs, GivenPrompts } from '../../core/model/prompts.js';
import { readModelConfig } from '../../core/model/readModelConfig.js';
import { readSentenceEmbedding } from '../../core/model/sentenceTransformers.js';
import type { DeviceName } from '../../protocol/catalogue/devices.js';
import { installedModel } from '../bundledModel.js';
import { chooseDevice } from '../devices.js';

export interface QueryOptions {
  readonly cacheFolder: string;
  readonly threads: number;
  /** Folder of the bundled model of this version. */
  readonly bundledModel?: string;
}

export interface QueryText {
  readonly text: string;
  /** A document gets the vector that it would have as a note of the store. */
  readonly as: EmbeddedAs;
  /** Instead of those that the store remembers, where the model's folder has none. */
  readonly prompts?: GivenPrompts;
}

export interface EmbeddedQuery {
  readonly vector: Float32Array;
  /** The windows that the text was cut into; UTF-16 offsets. */
  readonly passages: readonly {
    readonly start: number;
    readonly end: number;
    readonly vector: Float32Array;
  }[];
}

export interface Queries {
  embed(
    store: Store,
    query: QueryText,
    device: DeviceName,
    signal: AbortSignal | undefined,
  ): Promise<EmbeddedQuery>;
  release(): Promise<void>;
}

/** Size of the vector cache: hovers often repeat the same paragraph. */
const rememberedTexts = 64;

export function createQueries(options: QueryOptions): Queries {
  let current: { key: string; embedder: Promise<Embedder> } | null = null;
  const known = new Map<string, EmbeddedQuery>();
  let last: Promise<unknown> = Promise.resolve();

  async function embedderFor(
    store: Store,
    given: GivenPrompts,
    device: DeviceName,
  ): Promise<Embedder> {
    const { modelFolder: indexedWith } = store.manifest;
    const { bundledModel } = options;
    const modelFolder =
      bundledModel === undefined ? indexedWith : await installedModel(indexedWith, bundledModel);
    // Cheap to compute; the folder may have been replaced since the last request.
    const { config } = await readModelConfig(modelFolder);
    const sentence = await readSentenceEmbedding(modelFolder, config);
    const prompts = resolvePrompts(sentence.prompts, given);
    const hash = await embeddingHash(modelFolder, config, sentence, prompts.document);
    checkStoreModel(store, hash);
    // One text takes milliseconds to embed: a GPU is used only if named explicitly.
    const where = device === 'auto' ? 'cpu' : await chooseDevice(device, options);
    const key = JSON.stringify([hash, where, prompts]);
    if (current?.key === key) return current.embedder;
    const previous = current;
    const embedder = createEmbedder({ ...options, modelFolder, device: where, prompts: given });
    current = { key, embedder };
    embedder.catch(() => (current = null));
    if (previous !== null) await (await previous.embedder).release();
    return embedder;
  }

  async function embed(
    store: Store,
    { text, as, prompts }: QueryText,
    device: DeviceName,
    signal: AbortSignal | undefined,
  ): Promise<EmbeddedQuery> {
    // Others may have been embedded while this one waited.
    throwIfAborted(signal);
    if (text.trim() === '') throw usageError('There is no text to look up: choose a paragraph.');
    const given = { ...promptsOfIndex(store.manifest), ...prompts };
    const embedder = await embedderFor(store, given, device);
    const { modelHash, dimension, documentMean } = embedder;
    const key = JSON.stringify([modelHash, device, as, embedder.prompts[as], hashText(text)]);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const cut = cutForModel(embedder, text, as);
    const parts = cut.map(({ start, end }) => text.slice(start, end));
    if (parts.every((part) => embedder.tokenizer.countTokens(part) === 0)) {
      throw usageError(
        'This text holds no character that the model can read: choose another paragraph.',
      );
    }
    const { vectors, tokens } = await embedder.embedPassages(parts, { as, signal });
    const embedded = {
      vector: documentVector(vectors, tokens, dimension, documentMean),
      passages: cut.map(({ start, end }, i) => {
        return { start, end, vector: vectors.subarray(i * dimension, (i + 1) * dimension) };
      }),
    };
    known.set(key, embedded);
    const [oldest] = known.keys();
    if (known.size > rememberedTexts && oldest !== undefined) known.delete(oldest);
    return embedded;
  }

  return {
    // One at a time: concurrent runs must not share a session, and the model may be replaced in between.
    embed(...query) {
      const result = last.then(() => embed(...query));
      last = result.catch(() => undefined);
      return result;
    },
    async release() {
      if (current !== null) await (await current.embedder).release();
      current = null;
    },
  };
}
