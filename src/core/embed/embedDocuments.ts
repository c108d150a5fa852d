import type { EmbeddedAs } from '../model/prompts.js';
import { cutForModel } from './cutForModel.js';
import { documentVector } from './documentVector.js';
import type { Embedder } from './embedder.js';

/** Embedded between two chances to pause. */
const documentsAtOnce = 16;

export interface EmbedDocumentsOptions {
  readonly as?: EmbeddedAs;
  readonly signal?: AbortSignal | undefined;
  /** Awaited between parts; pending while the caller is paused. */
  readonly pauseGate?: () => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A vector of unit length for each whole text, however long: [texts, dimension]. */
export async function embedDocuments(
  embedder: Embedder,
  texts: readonly string[],
  { as = 'document', signal, pauseGate, onProgress }: EmbedDocumentsOptions = {},
): Promise<Float32Array> {
  const { dimension, documentMean } = embedder;
  const vectors = new Float32Array(texts.length * dimension);
  for (let start = 0; start < texts.length; start += documentsAtOnce) {
    await pauseGate?.();
    const cut = texts
      .slice(start, start + documentsAtOnce)
      .map((text) =>
        cutForModel(embedder, text, as).map(({ start: from, end }) => text.slice(from, end)),
      );
    const embedded = await embedder.embedPassages(cut.flat(), { as, signal });
    let passage = 0;
    cut.forEach(({ length }, i) => {
      const end = passage + length;
      const vector = documentVector(
        embedded.vectors.subarray(passage * dimension, end * dimension),
        embedded.tokens.subarray(passage, end),
        dimension,
        documentMean,
      );
      vectors.set(vector, (start + i) * dimension);
      passage = end;
    });
    onProgress?.(Math.min(texts.length, start + documentsAtOnce), texts.length);
  }
  return vectors;
}
