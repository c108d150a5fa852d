/** Documents as the classifier reads them: one sequence each, of the first tokens that it takes. */
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/errors.js';
import type { Tokenizer } from '../../tokens/tokenizer.js';

export interface Sequences {
  /** Token ids, special tokens included. */
  readonly sequences: readonly Int32Array[];
  /** Number of documents with more tokens than that, of which the rest is not read. */
  readonly cut: number;
}

/** @param maxLength in tokens, special tokens included */
export async function readSequences(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  signal?: AbortSignal,
): Promise<Sequences> {
  const { cls, sep } = tokenizer.special;
  const sequences: Int32Array[] = [];
  let cut = 0;
  for (const [index, text] of texts.entries()) {
    if (index % 64 === 0) {
      await setImmediate();
      throwIfAborted(signal);
    }
    const ids = tokenizer.encode(text);
    const read = ids.subarray(0, maxLength - 2);
    if (read.length < ids.length) cut++;
    sequences.push(Int32Array.of(cls, ...read, sep));
  }
  return { sequences, cut };
}
