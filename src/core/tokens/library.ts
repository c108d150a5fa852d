/**
 * Types for the parts of `@huggingface/tokenizers` used here. Its own declarations import each
 * other without file extensions, which NodeNext resolution cannot follow.
 */
import * as library from '@huggingface/tokenizers';

export interface LibraryTokenizer {
  readonly normalizer: ((text: string) => string) | null;
  readonly pre_tokenizer:
    ((text: string, options: { readonly section_index: number }) => string[]) | null;
  /** Tokens of pre-tokens. */
  readonly model: ((preTokens: readonly string[]) => string[]) | null;
  tokenize(text: string): string[];
  token_to_id(token: string): number | undefined;
  get_vocab(): Map<string, number>;
}

interface Library {
  readonly Tokenizer: new (tokenizerJson: object, tokenizerConfig: object) => LibraryTokenizer;
}

export const { Tokenizer: LibraryTokenizer } = library as unknown as Library;
