/** Documents as the windows that are trained on. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.js';
import { createRandom } from '../base/random.js';
import type { Document } from '../corpus/document.js';
import { cutWindows } from '../tokens/batches.js';
import type { Tokenizer } from '../tokens/tokenizer.js';

export interface Dataset {
  /** Ids with the special tokens around them. */
  readonly windows: readonly Int32Array[];
  /** Of each window. */
  readonly lengths: readonly number[];
  /** Documents that have no token at all. */
  readonly skipped: number;
}

export async function tokenizeDocuments(
  documents: readonly Document[],
  tokenizer: Tokenizer,
  maxLength: number,
  signal: AbortSignal | undefined,
  onProgress: (done: number) => void,
): Promise<Dataset> {
  const { cls, sep } = tokenizer.special;
  const windows: Int32Array[] = [];
  let skipped = 0;
  for (const [index, { text }] of documents.entries()) {
    if (index % 64 === 0) {
      onProgress(index);
      await setImmediate();
      throwIfAborted(signal);
    }
    const cut = cutWindows(tokenizer.encode(text), { maxLength, cls, sep });
    if (cut.length === 0) skipped++;
    for (const window of cut) windows.push(window);
  }
  onProgress(documents.length);
  return { windows, lengths: windows.map((window) => window.length), skipped };
}

/** A random part of about `tokens` tokens, the same for the same seed. */
export function sampleDataset(dataset: Dataset, tokens: number, seed: number): Dataset {
  const order = createRandom(seed, 'held-out sample').shuffle([...dataset.windows.keys()]);
  const chosen: number[] = [];
  let total = 0;
  for (const index of order) {
    if (total >= tokens) break;
    chosen.push(index);
    total += dataset.lengths[index]!;
  }
  const windows = chosen.sort((a, b) => a - b).map((index) => dataset.windows[index]!);
  return { windows, lengths: windows.map((window) => window.length), skipped: dataset.skipped };
}

/** Tells whether two runs see the same text in the same order. */
export function datasetFingerprint({ windows }: Dataset): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of windows) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex').slice(0, 32);
}
