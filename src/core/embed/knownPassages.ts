/**
 * Keeps an embedder from computing a passage's vector twice: what indexes and earlier evaluations
 * hold is asked for first.
 */
import { hashText } from '../base/hash.js';
import type { Embedder } from './embedder.js';

export interface PassageVector {
  /** As `embedPassages` gives it. */
  readonly vector: Float32Array;
  readonly tokens: number;
}

export interface PassageSource {
  /** @param hashes of the passages' texts, `hashText` */
  find(hashes: readonly string[]): Promise<ReadonlyMap<string, PassageVector>>;
  /** Keeps new vectors; absent for a source that is only read. */
  readonly add?: (vectors: ReadonlyMap<string, PassageVector>) => Promise<void>;
}

/** @param sources of vectors by the same model, embedded in the same way (`modelHash`) */
export function withKnownPassages(embedder: Embedder, sources: readonly PassageSource[]): Embedder {
  const { dimension } = embedder;
  return {
    ...embedder,
    async embedPassages(texts, options = {}) {
      if (options.as === 'query') return embedder.embedPassages(texts, options);
      const hashes = texts.map(hashText);
      const known = new Map<string, PassageVector>();
      for (const source of sources) {
        const wanted = [...new Set(hashes)].filter((hash) => !known.has(hash));
        if (wanted.length === 0) break;
        for (const [hash, found] of await source.find(wanted)) known.set(hash, found);
      }
      const missing = new Map<string, string>();
      hashes.forEach((hash, i) => {
        if (!known.has(hash)) missing.set(hash, texts[i]!);
      });
      if (missing.size > 0) {
        const fresh = await embedder.embedPassages([...missing.values()], options);
        const added = new Map<string, PassageVector>();
        [...missing.keys()].forEach((hash, i) => {
          const vector = fresh.vectors.slice(i * dimension, (i + 1) * dimension);
          added.set(hash, { vector, tokens: fresh.tokens[i]! });
        });
        for (const source of sources) await source.add?.(added);
        for (const [hash, found] of added) known.set(hash, found);
      }
      const vectors = new Float32Array(texts.length * dimension);
      const tokens = new Int32Array(texts.length);
      hashes.forEach((hash, i) => {
        const { vector, tokens: count } = known.get(hash)!;
        vectors.set(vector, i * dimension);
        tokens[i] = count;
      });
      return { vectors, tokens };
    },
  };
}
