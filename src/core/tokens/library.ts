/**
 * The parts of `@huggingface/tokenizers` used here: its models of word pieces, and its translation
 * of regular expressions. Normalizers, pre-tokenizers and added tokens are our own, because the
 * library's differ from the original in rare characters, in `single_word`, in `lstrip` at the start
 * of a text, and in added tokens of lower-cased vocabularies.
 *
 * Its own declarations import each other without file extensions, which NodeNext resolution cannot
 * follow.
 */
import * as library from '@huggingface/tokenizers';
import type { ModelJson } from './tokenizerJson.js';

interface Library {
  readonly Tokenizer: new (
    tokenizerJson: object,
    tokenizerConfig: object,
  ) => { readonly model: (preTokens: readonly string[]) => string[] };
  readonly SplitPreTokenizer: new (settings: {
    readonly pattern: Pattern;
    readonly invert: true;
  }) => { readonly pattern: RegExp | null };
}

export interface Pattern {
  readonly Regex?: string;
  readonly String?: string;
}

const { Tokenizer, SplitPreTokenizer } = library as unknown as Library;

/** Tokens of a pre-token, by name. */
export function libraryModel(model: ModelJson): (preToken: string) => string[] {
  const none = { decoder: null, post_processor: null, pre_tokenizer: null, normalizer: null };
  const tokenizer = new Tokenizer({ ...none, model, added_tokens: [] }, {});
  return (preToken) => tokenizer.model([preToken]);
}

/** A pattern of Oniguruma, or a text to find, as a regular expression with the flag `g`. */
export function patternToRegExp(pattern: Pattern): RegExp {
  const { pattern: found } = new SplitPreTokenizer({ pattern, invert: true });
  if (found === null) throw new Error('neither String nor Regex');
  return found;
}
