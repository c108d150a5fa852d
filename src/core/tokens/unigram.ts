/**
 * The model of SentencePiece vocabularies: the cut of a pre-token whose tokens have the highest sum
 * of scores (Kudo 2018), as `tokenizers` finds it. The library's takes far longer and gives the
 * unknown token another score.
 */
import { toByteTokens } from './byteTokens.js';
import type { ModelJson } from './tokenizerJson.js';

/** Subtracted from the lowest score for a character that no token has. */
const unknownPenalty = 10;

export function unigramModel(json: ModelJson): (preToken: string) => number[] {
  const vocabulary = (json.vocab ?? []) as readonly (readonly [string, number])[];
  const unknown = json.unk_id ?? null;
  const ids = new Map(vocabulary.map(([token], id) => [token, id]));
  const scores = Float64Array.from(vocabulary, ([, score]) => score);
  const unknownScore = scores.reduce((a, b) => Math.min(a, b), Infinity) - unknownPenalty;
  const longest = vocabulary.reduce((length, [token]) => Math.max(length, token.length), 0);

  /** Start and id of the last token of the best cut of each beginning of `text`. */
  function bestCuts(text: string): { readonly starts: Int32Array; readonly last: Int32Array } {
    const best = new Float64Array(text.length + 1);
    const starts = new Int32Array(text.length + 1).fill(-1);
    const last = new Int32Array(text.length + 1).fill(-1);
    const offer = (start: number, end: number, id: number, score: number): void => {
      const total = score + best[start]!;
      if (starts[end] !== -1 && total <= best[end]!) return;
      best[end] = total;
      starts[end] = start;
      last[end] = id;
    };
    for (let start = 0; start < text.length;) {
      const next = start + (text.codePointAt(start)! > 0xffff ? 2 : 1);
      for (let end = start + 1; end <= Math.min(text.length, start + longest); end += 1) {
        const id = ids.get(text.slice(start, end));
        if (id !== undefined) offer(start, end, id, scores[id]!);
      }
      if (!ids.has(text.slice(start, next))) offer(start, next, unknown ?? -1, unknownScore);
      start = next;
    }
    return { starts, last };
  }

  return (text) => {
    const { starts, last } = bestCuts(text);
    const pieces: string[] = [];
    let isUnknown = false;
    for (let end = text.length; end > 0; end = starts[end]!) {
      const piece = text.slice(starts[end], end);
      // Neighbouring unknown characters are one token.
      const joins = isUnknown && last[end] === unknown;
      if (joins) pieces.push(piece + (pieces.pop() ?? ''));
      else pieces.push(piece);
      isUnknown = last[end] === unknown;
    }
    return pieces.reverse().flatMap((piece) => {
      const id = ids.get(piece);
      if (id !== undefined) return id;
      const bytes = json.byte_fallback === true ? toByteTokens(piece, ids) : null;
      return bytes ?? (unknown === null ? [] : unknown);
    });
  };
}
