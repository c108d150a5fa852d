/** The model of a tokenizer.json: pre-tokens to ids. */
import { libraryModel } from './library.js';
import type { ModelJson } from './tokenizerJson.js';
import { unigramModel } from './unigram.js';

export interface TokenModel {
  /** Without added tokens. */
  readonly ids: ReadonlyMap<string, number>;
  toIds(preToken: string): readonly number[];
}

export function createTokenModel(json: ModelJson): TokenModel {
  const type = modelType(json);
  const ids = vocabularyOf(json);
  if (type === 'Unigram') return { ids, toIds: unigramModel(json) };
  if (type === 'BPE' && hasText(json.continuing_subword_prefix)) {
    throw new Error('BPE with a prefix for continued words');
  }
  const tokenize = libraryModel({ ...json, type });
  const unknown = typeof json.unk_token === 'string' ? ids.get(json.unk_token) : undefined;
  // Characters that the vocabulary lacks are dropped before merging, so that their neighbours merge.
  const drops = type === 'BPE' && unknown === undefined && json.byte_fallback !== true;
  const suffix = hasText((json as { end_of_word_suffix?: unknown }).end_of_word_suffix);
  return {
    ids,
    toIds(preToken) {
      const known =
        drops && !suffix
          ? Array.from(preToken)
              .filter((each) => ids.has(each))
              .join('')
          : preToken;
      return tokenize(known).flatMap((token) => ids.get(token) ?? unknown ?? []);
    },
  };
}

/** Older files do not name it. */
export function modelType(json: ModelJson): string {
  if (json.type !== undefined) return json.type;
  if (Array.isArray(json.vocab)) return 'Unigram';
  if (json.merges !== undefined) return 'BPE';
  return hasText(json.continuing_subword_prefix) ? 'WordPiece' : 'WordLevel';
}

export function vocabularyOf({ vocab = {} }: ModelJson): ReadonlyMap<string, number> {
  return Array.isArray(vocab)
    ? new Map((vocab as [string, number][]).map(([token], id) => [token, id]))
    : new Map(Object.entries(vocab as Readonly<Record<string, number>>));
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
