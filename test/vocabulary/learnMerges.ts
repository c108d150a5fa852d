/**
 * Learns byte-pair merges from word counts. Makes the same choices as the trainer of Hugging Face's
 * `tokenizers`, even for ties, so that a vocabulary can be compared with its result.
 */
import { createMergeQueue } from './mergeQueue.js';

export interface LearnedMerges {
  /** Tokens in the order of their ids; `initialTokens` come first. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** A pair of ids is packed into one number; vocabularies stay far below 2^26 tokens. */
const pairBase = 2 ** 26;

/**
 * @param wordCounts words as strings of symbols, with their frequencies
 * @param initialTokens special tokens and the alphabet, in id order
 */
export function learnMerges(
  wordCounts: ReadonlyMap<string, number>,
  initialTokens: readonly string[],
  limits: { readonly vocabularySize: number; readonly minFrequency: number },
): LearnedMerges {
  const tokens = [...initialTokens];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const counts = [...wordCounts.values()];
  const words = [...wordCounts.keys()].map((word) =>
    Array.from(word, (symbol) => ids.get(symbol)).filter((id) => id !== undefined),
  );

  const pairCounts = new Map<number, number>();
  const queue = createMergeQueue();

  /** Queues each pair with its current count and the words that contain it. */
  function enqueue(places: ReadonlyMap<number, ReadonlySet<number>>): void {
    for (const [pair, wordIndices] of places) {
      const count = pairCounts.get(pair) ?? 0;
      if (count < 1) continue;
      const left = Math.floor(pair / pairBase);
      queue.push({ left, right: pair % pairBase, count, words: wordIndices });
    }
  }

  const places = new Map<number, Set<number>>();
  words.forEach((word, index) => {
    for (let i = 1; i < word.length; i++) {
      const pair = (word[i - 1] as number) * pairBase + (word[i] as number);
      changeCount(pair, counts[index] as number);
      addPlace(places, pair, index);
    }
  });
  enqueue(places);

  function changeCount(pair: number, change: number): void {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + change);
  }

  const merges: [string, string][] = [];
  while (ids.size < limits.vocabularySize) {
    const top = queue.pop();
    if (top === undefined) break;
    const { left, right } = top;
    const current = pairCounts.get(left * pairBase + right) ?? 0;
    if (top.count !== current) {
      top.count = current;
      queue.push(top);
      continue;
    }
    if (top.count < 1 || top.count < limits.minFrequency) break;
    const token = (tokens[left] as string) + (tokens[right] as string);
    let id = ids.get(token);
    if (id === undefined) {
      id = tokens.length;
      tokens.push(token);
      ids.set(token, id);
    }
    merges.push([tokens[left] as string, tokens[right] as string]);

    const newPlaces = new Map<number, Set<number>>();
    for (const index of top.words) {
      const count = counts[index] as number;
      mergeInWord(words[index] as number[], left, right, id, (pair, change) => {
        changeCount(pair, change * count);
        if (change > 0) addPlace(newPlaces, pair, index);
      });
    }
    enqueue(newPlaces);
  }
  return { tokens, merges };
}

function addPlace(places: Map<number, Set<number>>, pair: number, word: number): void {
  const found = places.get(pair);
  if (found === undefined) places.set(pair, new Set([word]));
  else found.add(word);
}

/** Replaces each (left, right) in the word, and reports which neighbouring pairs were added or removed. */
function mergeInWord(
  word: number[],
  left: number,
  right: number,
  id: number,
  onChange: (pair: number, change: 1 | -1) => void,
): void {
  for (let i = 0; i + 1 < word.length; i++) {
    if (word[i] !== left || word[i + 1] !== right) continue;
    const before = word[i - 1];
    if (before !== undefined) {
      onChange(before * pairBase + left, -1);
      onChange(before * pairBase + id, 1);
    }
    word.splice(i, 2, id);
    const after = word[i + 1];
    if (after !== undefined) {
      onChange(right * pairBase + after, -1);
      onChange(id * pairBase + after, 1);
    }
  }
}
