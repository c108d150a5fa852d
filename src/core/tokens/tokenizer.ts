/** A Hugging Face tokenizer with a word cache, to be fast on many notes. */
import { failure, UserError } from '../base/errors.js';
import { addedTokenSplitter } from './addedTokens.js';
import { wellFormed } from './characters.js';
import { createNormalizer } from './normalizers.js';
import { createPreTokenizer } from './preTokenizers.js';
import { findSpecialTokens } from './specialTokens.js';
import type { SpecialTokens } from './specialTokens.js';
import { createTokenModel, modelType } from './tokenModel.js';
import { stepsOf } from './tokenizerJson.js';
import type { TokenizerJson } from './tokenizerJson.js';

export type TokenizerKind = 'byte-level-bpe' | 'bpe' | 'wordpiece' | 'unigram';

/** Tokenizer files of a model folder, to be written into another. */
export interface TokenizerFiles {
  readonly tokenizerJson: object;
  readonly tokenizerConfig: object;
}

export interface Tokenizer {
  readonly kind: TokenizerKind;
  /** Rows of the embedding table: the highest id + 1. */
  readonly vocabularySize: number;
  readonly special: SpecialTokens;
  readonly specialIds: ReadonlySet<number>;
  /** Ids of the whole text, without special tokens. */
  encode(text: string): Int32Array;
  countTokens(text: string): number;
  /** Whether a word starts with this token (after a space, in byte-level vocabularies). */
  isWordStart(id: number): boolean;
  readonly files: TokenizerFiles;
}

/** Words repeat within a corpus; the cache is cleared beyond this many distinct ones. */
const rememberedWords = 200_000;
/** Longer ones hardly repeat. */
const longestRemembered = 256;

/**
 * @param tokenizerJson As `tokenizers` writes it; `loadTokenizer` first applies what transformers
 *   lets other files decide.
 */
export function createTokenizer(tokenizerJson: object, tokenizerConfig: object): Tokenizer {
  const json = tokenizerJson as TokenizerJson;
  const { preTokenizer, model, split } = createParts(json, tokenizerConfig);
  const addedTokens = json.added_tokens ?? [];
  const kind = kindOf(json);
  const ids = new Map(model.ids);
  for (const { content, id } of addedTokens) ids.set(content, id);
  const vocabularySize = [...ids.values()].reduce((size, id) => Math.max(size, id + 1), 0);
  const special = findSpecialTokens(ids, json, tokenizerConfig);
  const specialIds = new Set<number>(
    addedTokens.filter((token) => token.special).map((token) => token.id),
  );
  const { cls, sep, pad, mask, unk } = special;
  for (const id of [cls, sep, pad, mask, unk]) specialIds.add(id);
  const wordStarts = new Uint8Array(vocabularySize);
  for (const [token, id] of ids) wordStarts[id] = startsWord(token, kind) ? 1 : 0;

  const words = new Map<string, readonly number[]>();
  function wordIds(word: string): readonly number[] {
    let found = words.get(word);
    if (found === undefined) {
      found = model.toIds(preTokenizer.toPreToken(word));
      if (words.size >= rememberedWords) words.clear();
      if (word.length <= longestRemembered) words.set(word, found);
    }
    return found;
  }

  function* parts(text: string): Generator<readonly number[]> {
    for (const [i, section] of split(wellFormed(text)).entries()) {
      if (typeof section === 'number') yield [section];
      else for (const word of preTokenizer.cut(section, i === 0)) yield wordIds(word);
    }
  }

  return {
    kind,
    vocabularySize,
    special,
    specialIds,
    encode: (text) => Int32Array.from([...parts(text)].flat()),
    countTokens(text) {
      let count = 0;
      for (const part of parts(text)) count += part.length;
      return count;
    },
    isWordStart: (id) => wordStarts[id] === 1,
    files: { tokenizerJson, tokenizerConfig },
  };

  function createParts(json: TokenizerJson, config: object) {
    try {
      if (json.model?.vocab === undefined) throw new Error('no vocabulary');
      const normalize = createNormalizer(json.normalizer);
      const splitSpecial =
        (config as { split_special_tokens?: unknown }).split_special_tokens === true;
      return {
        preTokenizer: createPreTokenizer(json.pre_tokenizer),
        model: createTokenModel(json.model),
        split: addedTokenSplitter(json.added_tokens ?? [], normalize, { splitSpecial }),
      };
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw failure('The tokenizer of the model cannot be used: its tokenizer.json is damaged.', {
        cause: error,
      });
    }
  }
}

function kindOf(json: TokenizerJson): TokenizerKind {
  switch (modelType(json.model ?? {})) {
    case 'WordPiece':
      return 'wordpiece';
    case 'Unigram':
      return 'unigram';
    default:
      return stepsOf(json.pre_tokenizer, 'pretokenizers').some((step) => step.type === 'ByteLevel')
        ? 'byte-level-bpe'
        : 'bpe';
  }
}

function startsWord(token: string, kind: TokenizerKind): boolean {
  switch (kind) {
    case 'wordpiece':
      return !token.startsWith('##');
    case 'unigram':
      return token.startsWith('\u2581');
    case 'bpe':
      return true;
    case 'byte-level-bpe':
      // Ġ, Ċ, ĉ, č: space, line feed, tab, carriage return.
      return /^[\u0120\u010a\u0109\u010d]/.test(token);
  }
}
