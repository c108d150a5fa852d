/** Documents as token ids, from which objectives draw their sequences. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.js';
import { createRandom } from '../base/random.js';
import type { Document } from '../corpus/document.js';
import type { Tokenizer } from './tokenizer.js';

export interface TokenizedDocument {
  /** Without special tokens; at least one. */
  readonly ids: Int32Array;
  readonly category: string | null;
}

export interface Dataset {
  readonly documents: readonly TokenizedDocument[];
  /** Documents without any token. */
  readonly skipped: number;
}

export async function tokenizeDocuments(
  documents: readonly Document[],
  tokenizer: Tokenizer,
  signal: AbortSignal | undefined,
  onProgress: (done: number) => void,
): Promise<Dataset> {
  const tokenized: TokenizedDocument[] = [];
  for (const [index, { text, category }] of documents.entries()) {
    if (index % 64 === 0) {
      onProgress(index);
      await setImmediate();
      throwIfAborted(signal);
    }
    const ids = tokenizer.encode(text);
    if (ids.length > 0) tokenized.push({ ids, category });
  }
  onProgress(documents.length);
  return { documents: tokenized, skipped: documents.length - tokenized.length };
}

/** A random sample of documents with about `tokens` tokens, deterministic for a seed. */
export function sampleDataset(dataset: Dataset, tokens: number, seed: number): Dataset {
  const order = createRandom(seed, 'held-out sample').shuffle([...dataset.documents.keys()]);
  const chosen: number[] = [];
  let total = 0;
  for (const index of order) {
    if (total >= tokens) break;
    chosen.push(index);
    total += dataset.documents[index]!.ids.length;
  }
  const documents = chosen.sort((a, b) => a - b).map((index) => dataset.documents[index]!);
  return { documents, skipped: dataset.skipped };
}

/** Identifies the data: equal for the same text in the same order. */
export function datasetFingerprint({ documents }: Dataset): string {
  const hash = createHash('sha256');
  for (const { ids, category } of documents) {
    hash.update(`${ids.length} ${JSON.stringify(category)}\n`);
    hash.update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  }
  return hash.digest('hex').slice(0, 32);
}
