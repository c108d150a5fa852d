import type { Corpus } from '../../../src/core/corpus/corpus.js';
import type { Document, FieldValues } from '../../../src/core/corpus/document.js';
import { throwIfAborted } from '../../../src/core/base/errors.js';
import { createRandom, hashName } from '../../../src/core/base/random.js';
import type { Embedder } from '../../../src/core/embed/embedder.js';
import type { Tokenizer } from '../../../src/core/tokens/tokenizer.js';

export interface FakeNote {
  readonly id: string;
  readonly text: string;
  readonly category?: string | null;
  readonly file?: string | null;
  readonly group?: string | null;
  readonly date?: string | null;
  readonly fields?: FieldValues;
}

export function fakeCorpus(
  notes: readonly FakeNote[],
  source = '/notes',
  kept: Corpus['kept'] = [],
): Corpus {
  const none = { id: null, category: null, label: null, group: null, date: null, split: null };
  return {
    source,
    kind: 'folder',
    mapping: { text: 'text', ...none },
    fields: ['text'],
    problems: [],
    skipped: 0,
    dateOrder: null,
    encoding: null,
    dialect: null,
    reading: undefined,
    kept,
    lines: null,
    columns: [],
    missing: [],
    classes: [],
    firstValue: () => null,
    async *read(signal) {
      for (const [i, note] of notes.entries()) {
        throwIfAborted(signal);
        await Promise.resolve();
        const { id, text, category = null, file = null, fields = {} } = note;
        const { group = null, date = null } = note;
        const rest = { label: null, group, date, split: null, row: i + 1, fields };
        yield { id, text, category, file, ...rest } satisfies Document;
      }
    },
  };
}

export interface FakeEmbedder extends Embedder {
  /** Every text that was embedded. */
  readonly embeddedTexts: string[];
}

/** A word is a token, and a text's vector the mean of its words' random directions. */
export function fakeEmbedder(
  options: { readonly modelHash?: string; readonly maxTokens?: number; onEmbed?: () => void } = {},
): FakeEmbedder {
  const dimension = 16;
  const embeddedTexts: string[] = [];
  const wordsOf = (text: string): string[] => text.toLowerCase().match(/\S+/g) ?? [];
  const vectorOf = (text: string): Float32Array => {
    const words = wordsOf(text);
    const sum = new Float32Array(dimension);
    for (const word of words) {
      const random = createRandom(hashName(word), 'word');
      for (let i = 0; i < dimension; i++) sum[i] = sum[i]! + random.normal() / words.length;
    }
    return sum;
  };
  return {
    dimension,
    modelFolder: '/model',
    modelHash: options.modelHash ?? 'model-a',
    maxTokens: options.maxTokens ?? 34,
    prompts: { query: '', document: '' },
    documentMean: 'tokens',
    tokenizer: { countTokens: (text: string) => wordsOf(text).length } as Tokenizer,
    embeddedTexts,
    embedPassages(texts, { signal } = {}) {
      throwIfAborted(signal);
      options.onEmbed?.();
      embeddedTexts.push(...texts);
      const vectors = new Float32Array(texts.length * dimension);
      texts.forEach((text, i) => {
        vectors.set(vectorOf(text), i * dimension);
      });
      const tokens = Int32Array.from(texts, (text) => wordsOf(text).length);
      return Promise.resolve({ vectors, tokens });
    },
    release: () => Promise.resolve(),
  };
}

/** Sentences of made-up words, different for every seed. */
export function fakeText(seed: number, words: number): string {
  const random = createRandom(seed, 'text');
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const word = (): string =>
    Array.from({ length: 4 }, () => letters[random.integer(26)] ?? '').join('');
  return Array.from({ length: words }, (_, i) => `${word()}${i % 10 === 9 ? '.' : ''}`).join(' ');
}
